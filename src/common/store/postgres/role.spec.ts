import { describe, expect, it } from 'vitest';
import {
  allReadAnew,
  committed,
  databaseAnswered,
  databaseFailed,
  effectsOf,
  isAlone,
  leadGivenUp,
  leaseLeftMs,
  leaseLost,
  leaseOf,
  leaseRenewed,
  leaseTaken,
  OUTSIDE,
  outrankedForMs,
  roleAt,
  saved,
  seenOutranked,
  startedFollowing,
  type RoleState,
} from './role.js';

const GRACE_MS = 3_000;
const fails = (state: RoleState, now: number, hasUnsaved = false): RoleState =>
  databaseFailed(state, { now, graceMs: GRACE_MS, hasUnsaved });

const following = startedFollowing(OUTSIDE);
const takingOver = leaseTaken(following, { term: 4, until: 8_000, now: 100 });
const leading = allReadAnew(takingOver);
const cutOff = fails(leading, 1_000);
const diverged = fails(leading, 1_000, true);
const followerCutOff = fails(fails(following, 1_000), 4_000);
const ALL = { outside: OUTSIDE, following, takingOver, leading, cutOff, diverged, followerCutOff };
const NOTHING = { announces: null, beginsEpoch: false };

describe('the role that others see', () => {
  it.each([
    ['one that has not come in', OUTSIDE, 'cut-off'],
    ['one that follows', following, 'following'],
    ['one that takes over', takingOver, 'following'],
    ['one that leads', leading, 'leading'],
    ['one that led and cannot reach the database', cutOff, 'cut-off'],
    ['one that followed and cannot reach the database', followerCutOff, 'cut-off'],
  ])('of %s', (_who, state, expected) => {
    expect(roleAt(state, 1_000)).toBe(expected);
  });

  it('is no longer that of the leader in the moment in which its lease is over, until that is renewed', () => {
    expect([7_999, 8_000].map((now) => roleAt(leading, now))).toEqual(['leading', 'cut-off']);
    expect(roleAt(leaseRenewed(leading, 10_000), 9_000)).toBe('leading');
  });

  it('is not that of the leader when another process has the lease', () => {
    expect(roleAt(leaseLost(leading), 1_000)).toBe('cut-off');
    expect(roleAt(allReadAnew(leaseLost(takingOver)), 1_000)).toBe('cut-off');
  });
});

describe('the lease', () => {
  it('is counted down, never below nothing, and there is none for who follows', () => {
    expect([0, 7_000, 9_000].map((now) => leaseLeftMs(leading, now))).toEqual([8_000, 1_000, 0]);
    expect([leaseOf(following), leaseLeftMs(following, 0)]).toEqual([null, 0]);
  });

  it('is kept by a leader that is cut off, which leads on in the same term once all is written', () => {
    const back = saved(cutOff, 5_000);
    expect([back.is, leaseOf(back)]).toEqual(['leading', leaseOf(leading)]);
  });

  it('may be lost while the process is cut off, or takes over', () => {
    expect([cutOff, takingOver].map((state) => leaseOf(leaseLost(state)))).toEqual([null, null]);
  });

  it('is given up with the lead', () => {
    expect([leading, diverged].map((state) => leaseOf(leadGivenUp(state)))).toEqual([null, null]);
  });

  it('is not made by a renewal that comes too late', () => {
    expect(leaseRenewed(leaseLost(leading), 9_000)).toEqual(leaseLost(leading));
    expect(leaseRenewed(following, 9_000)).toBe(following);
  });
});

describe('who leads while another process reaches more engines', () => {
  it('knows for how long that has been so without a break', () => {
    const since = seenOutranked(leading, true, 1_000);
    const again = seenOutranked(since, true, 3_000);
    expect([leading, since, again].map((state) => outrankedForMs(state, 4_000))).toEqual([-1, 3_000, 3_000]);
    const over = seenOutranked(again, false, 4_000);
    expect(outrankedForMs(over, 5_000)).toBe(-1);
    expect(outrankedForMs(seenOutranked(over, true, 6_000), 6_500)).toBe(500);
  });

  it('knows it over renewals and outages, and not of an earlier lead', () => {
    const since = seenOutranked(leading, true, 1_000);
    const later = [leaseRenewed(since, 9_000), fails(since, 2_000), saved(fails(since, 2_000), 3_000)];
    expect(later.map((state) => outrankedForMs(state, 4_000))).toEqual([3_000, 3_000, 3_000]);
    const anew = leaseTaken(startedFollowing(leadGivenUp(since)), { term: 6, until: 9_000, now: 5_000 });
    expect(outrankedForMs(anew, 5_000)).toBe(-1);
  });
});

describe('a failure of the database', () => {
  it('cuts off a leader at once, and a follower when it lasts', () => {
    expect(fails(leading, 1_000).is).toBe('cut-off');
    expect(fails(takingOver, 1_000).is).toBe('cut-off');
    const failing = fails(following, 1_000);
    expect([failing, fails(failing, 3_999), fails(failing, 4_000)].map(({ is }) => is)).toEqual([
      'following',
      'following',
      'cut-off',
    ]);
  });

  it('is counted anew for a follower that could look at it in between', () => {
    const back = databaseAnswered(fails(following, 1_000), 2_000);
    expect(fails(back, 4_500).is).toBe('following');
  });

  it('lasts since its first sign, whatever fails after it', () => {
    const lasting = fails(fails(cutOff, 2_000), 9_000);
    expect(lasting).toMatchObject({ is: 'cut-off', failingSince: 1_000 });
  });

  it('leaves one outside cut off that came before the database did', () => {
    expect(fails(OUTSIDE, 1_000)).toEqual({
      is: 'cut-off',
      lease: null,
      failingSince: 1_000,
      hasDiverged: false,
      outageEndedAt: null,
    });
  });

  it.each([
    ['a leader that wrote what it had', saved(cutOff, 5_000)],
    ['one that was cut off and takes over', leaseTaken(cutOff, { term: 5, until: 9_000, now: 5_000 })],
    ['one that was cut off and follows', databaseAnswered(startedFollowing(cutOff), 5_000)],
    ['one that followed all the time', databaseAnswered(fails(following, 1_000), 5_000)],
  ])('is over for %s, which remembers when that was', (_who, state) => {
    expect(state).toMatchObject({ outageEndedAt: 5_000 });
    const later = databaseAnswered(startedFollowing(allReadAnew(state)), 6_000);
    expect(later).toMatchObject({ failingSince: null, outageEndedAt: 5_000 });
  });

  it('is not over for one that only began to follow', () => {
    expect(startedFollowing(cutOff)).toMatchObject({ failingSince: 1_000, outageEndedAt: null });
    const secondTime = fails(saved(cutOff, 5_000), 6_000);
    expect(startedFollowing(secondTime)).toMatchObject({ failingSince: 6_000, outageEndedAt: 5_000 });
  });
});

describe('what is committed', () => {
  it('stays here while the process is alone', () => {
    const alone = Object.entries(ALL).filter(([, state]) => isAlone(state));
    expect(alone.map(([name]) => name)).toEqual(['outside', 'cutOff', 'diverged', 'followerCutOff']);
  });

  it('begins an epoch with the first event that is not in the database', () => {
    expect(effectsOf(leading, fails(leading, 1_000, true)).beginsEpoch).toBe(true);
    expect(effectsOf(takingOver, fails(takingOver, 1_000, true)).beginsEpoch).toBe(true);
    expect(effectsOf(leading, cutOff).beginsEpoch).toBe(false);
    const documentsOnly = committed(cutOff, false);
    const withEvents = committed(documentsOnly, true);
    expect(effectsOf(cutOff, documentsOnly)).toEqual(NOTHING);
    expect(effectsOf(documentsOnly, withEvents)).toEqual({ announces: null, beginsEpoch: true });
  });

  it('begins no second epoch until what is here is written or given up', () => {
    const more = committed(fails(committed(diverged, true), 2_000, true), false);
    expect([effectsOf(diverged, more), isAlone(more) && more.hasDiverged]).toEqual([NOTHING, true]);
    const before = committed(OUTSIDE, true);
    expect(effectsOf(before, fails(before, 1_000)).beginsEpoch).toBe(false);
    expect(fails(before, 1_000)).toMatchObject({ hasDiverged: true });
    const again = fails(saved(more, 3_000), 4_000, true);
    expect(effectsOf(saved(more, 3_000), again).beginsEpoch).toBe(true);
    const without = leadGivenUp(more);
    expect(effectsOf(without, committed(without, true)).beginsEpoch).toBe(true);
  });

  it('changes nothing for who writes it', () => {
    for (const state of [following, takingOver, leading]) expect(committed(state, true)).toBe(state);
  });
});

describe('a change of the role', () => {
  it.each([
    ['takes over', following, takingOver, 'leading'],
    ['takes over after an outage', cutOff, leaseTaken(cutOff, { term: 5, until: 9, now: 1 }), 'leading'],
    ['follows', leading, startedFollowing(leading), 'following'],
    ['follows after an outage', cutOff, startedFollowing(cutOff), 'following'],
    [
      'follows no more, since it is cut off',
      fails(following, 0),
      fails(fails(following, 0), 9_000),
      'cut-off',
    ],
  ])('has all read anew when the process %s', (_what, before, after, expected) => {
    expect(effectsOf(before, after).announces).toBe(expected);
  });

  it.each([
    ['a leader is cut off', leading, cutOff],
    ['it leads on', cutOff, saved(cutOff, 2_000)],
    ['all have read anew', takingOver, leading],
    ['it goes on following', following, databaseAnswered(following, 2_000)],
    ['it leaves', following, OUTSIDE],
  ])('leaves the documents as they are when %s', (_what, before, after) => {
    expect(effectsOf(before, after)).toEqual(NOTHING);
  });
});

describe('a fact that a role has nothing to do with', () => {
  it('leaves it as it is', () => {
    expect([allReadAnew(following), allReadAnew(cutOff)]).toEqual([following, cutOff]);
    expect([saved(leading, 1), saved(following, 1)]).toEqual([leading, following]);
    expect([databaseAnswered(leading, 1), databaseAnswered(takingOver, 1)]).toEqual([leading, takingOver]);
    expect(seenOutranked(following, true, 1)).toBe(following);
    expect(leadGivenUp(following)).toBe(following);
  });
});
