import { describe, expect, it } from 'vitest';
import {
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  aRecord,
  aRun,
  DAY,
  MINUTE,
  NOON,
  SECOND,
} from '../../../test/support/situation.js';
import type { AskedAct, ContainerRecord, HostBoot } from '../policy/index.js';
import type { Container, EngineInfo } from '../runtime/index.js';
import { loaded } from './loaded.js';
import type { Checked } from './fact.js';
import { withInheritedActs } from './inherited-acts.js';
import { NOTHING_KNOWN } from './monitor-state.js';
import { NO_ACTS, type OwnActs } from './own-acts.js';

const ASKED_AT = ago(10 * SECOND);
const ENGINE = { tellsWhoStopped: 'flag' } as EngineInfo;
const BOOT: HostBoot = { bootedAt: ago(30 * DAY), downAt: ago(30 * DAY), isNew: false };

const asked = (changes: Partial<AskedAct> = {}): AskedAct => ({
  kind: 'start',
  by: 'monitor',
  attempt: 1,
  at: ASKED_AT,
  until: ASKED_AT + 2 * MINUTE,
  inherited: true,
  ...changes,
});

/** Down since before it was asked for, with one attempt at it. */
const waiting = (act: AskedAct = asked()): ContainerRecord =>
  aRecord({
    up: false,
    death: aDeath({ at: ago(MINUTE) }),
    attempts: [anAttempt(ASKED_AT, { outcome: 'pending' })],
    asked: act,
  });

const checkOf = (shown: readonly Container[], at = NOON, ownActs: OwnActs = NO_ACTS): Checked => ({
  kind: 'checked',
  at,
  observation: {
    full: true,
    first: false,
    eventsMissing: false,
    engine: ENGINE,
    inspected: shown.map((container) => ({ container, stopEvidence: null, evidence: null })),
    listed: null,
    gone: [],
    unreadable: [],
  },
  ownActs,
  bootedAt: null,
  shuttingDown: false,
  writer: true,
});

function seen(record: ContainerRecord, shown: readonly Container[], at = NOON, boot = BOOT) {
  const state = { ...NOTHING_KNOWN, records: new Map([[record.name, record]]) };
  const { state: after, check } = withInheritedActs(state, checkOf(shown, at), boot);
  return { healing: after.records.get(record.name)!.healing, acts: check.ownActs, isSame: after === state };
}

const stillDown = anExited({ exitedAt: ago(MINUTE) });
const upAnew = aContainer({ startedAt: ago(5 * SECOND) });
const diedAnew = anExited({ startedAt: ago(5 * SECOND), exitedAt: ago(SECOND) });

describe('an act that another process asked for', () => {
  it.each<[string, AskedAct['kind'], Container]>([
    ['a start, while it is down as before', 'start', stillDown],
    ['a restart, while it is down as before', 'restart', stillDown],
    ['a restart, while it is up as before', 'restart', aContainer()],
    ['a stop, while it is up as before', 'stop', aContainer()],
  ])('is under way: %s', (_, kind, container) => {
    const { acts, isSame } = seen(waiting(asked({ kind })), [container]);
    expect(acts.underWay).toMatchObject([
      { name: 'app', kind, since: ASKED_AT, until: ASKED_AT + 2 * MINUTE },
    ]);
    expect(acts.ended).toEqual([]);
    expect(isSame).toBe(true);
  });

  it.each<[string, AskedAct['kind'], Container]>([
    ['a start, as it is up', 'start', upAnew],
    ['a start, as it is up in the run that it had', 'start', aContainer()],
    ['a start, as it died in a new run', 'start', diedAnew],
    ['a restart, as it is up in a new run', 'restart', upAnew],
    ['a restart, as it died in a new run', 'restart', diedAnew],
    ['a stop, as it is down', 'stop', stillDown],
    ['a stop, as somebody started it after that', 'stop', upAnew],
  ])('has ended, and is ours: %s', (_, kind, container) => {
    const { acts, healing } = seen(waiting(asked({ kind })), [container]);
    expect(acts).toMatchObject({ underWay: [], ended: [{ name: 'app', kind, from: ASKED_AT, to: NOON }] });
    expect(healing).toMatchObject({ asked: null, attempts: [{ outcome: 'done' }] });
  });

  it('has ended in a run that began since it was asked for, where no run was known', () => {
    const never = (at: number) => ({ ...waiting(), life: { ...waiting().life, run: null, firstSeenAt: at } });
    expect(seen(never(NOON), [diedAnew]).healing.asked).toBeNull();
    const before = anExited({ startedAt: ago(DAY), exitedAt: ago(MINUTE) });
    expect(seen(never(NOON), [before]).healing.asked).not.toBeNull();
  });

  it.each<[string, ContainerRecord, readonly Container[], number?, HostBoot?]>([
    ['its deadline has passed', waiting(), [], ASKED_AT + 2 * MINUTE],
    ['the container is gone', { ...waiting(), life: { ...waiting().life, absentSince: NOON } }, []],
    ['the container was made anew', waiting(), [anExited({ id: 'another' })]],
    ['the host came up since', waiting(), [stillDown], NOON, { ...BOOT, isNew: true }],
  ])('is waited for no more when %s', (_, record, shown, at, boot) => {
    const { healing, acts } = seen(record, shown, at, boot);
    expect(healing).toMatchObject({ asked: null, attempts: [{ outcome: 'timed-out' }] });
    expect(acts.underWay).toEqual([]);
  });

  it('leaves attempts alone when it was none', () => {
    const { healing } = seen(waiting(asked({ by: 'person', attempt: null })), [upAnew]);
    expect(healing).toMatchObject({ asked: null, attempts: [{ outcome: 'pending' }] });
  });

  it('is not taken for the one of this process that is under way', () => {
    const record = waiting(asked());
    const state = { ...NOTHING_KNOWN, records: new Map([[record.name, record]]) };
    const own = { name: 'app', kind: 'stop', attempt: null, by: 'person', since: NOON } as const;
    const check = checkOf([upAnew], NOON, { ...NO_ACTS, underWay: [own] });
    expect(withInheritedActs(state, check, BOOT)).toEqual({ state, check });
  });

  it('is one of this process until it is loaded from the store', () => {
    const { inherited: _, ...own } = asked();
    expect(seen(waiting(own), [upAnew]).healing.asked).toEqual(own);
  });
});

describe('what is loaded', () => {
  const load = (record: ContainerRecord, at: number) =>
    loaded(NOTHING_KNOWN, {
      kind: 'loaded',
      at,
      records: [record],
      incidents: [],
      lastAlive: null,
      views: [],
      watched: null,
    }).records.get(record.name)!;

  it('has its acts without an outcome from another process', () => {
    const { inherited: _, ...own } = asked();
    expect(load(waiting(own), NOON).healing.asked).toEqual(asked());
    const idle = aRecord({ run: aRun(ago(DAY)) });
    expect(load(idle, NOON)).toBe(idle);
  });

  it('waits for none longer than for one that is asked for now, whatever the clocks of others say', () => {
    const ahead = asked({ at: NOON + DAY, until: NOON + DAY + 2 * MINUTE });
    expect(load(waiting(ahead), NOON).healing.asked?.until).toBe(NOON + 2 * MINUTE);
  });
});
