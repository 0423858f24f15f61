import { describe, expect, it } from 'vitest';
import {
  aChecked,
  aCheck,
  aContainer,
  aDeath,
  ago,
  anAttempt,
  anExited,
  aRecord,
  HOUR,
  MINUTE,
  NOON,
  rulesFor,
  SECOND,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { leave, wait, type Decision } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { Condition } from './condition.js';
import { findTrouble, isLeftOnPurpose } from './find-trouble.js';
import type { IncidentRecord } from './incident-record.js';
import { incidentView } from './incident-record.js';
import { endedByItself } from './notices.js';
import { updateIncidents } from './update-incidents.js';

interface Case {
  readonly container?: Container;
  readonly record?: Partial<FlatRecord>;
  readonly decision?: Decision;
  readonly now?: number;
}

const backingOff = wait('backing-off', 'Attempt 1 did not last.');
const waitingFor = (name: string) =>
  wait('waiting-for-dependency', `Waits: ${name} is down.`, { blockedBy: [name] });

function condition(name: string, { container, record, decision, now = NOON }: Case): Condition {
  const it = container ?? aContainer({ name });
  const remembered = aRecord({ name, up: it.state === 'running', ...record });
  const decided = decision ?? leave('healthy', 'Up. Nothing to do.');
  return {
    name,
    container: it,
    record: remembered,
    rules: rulesFor(it),
    decision: decided,
    leftOnPurpose: isLeftOnPurpose(decided),
    trouble: findTrouble(it, remembered, decided, now),
    evidence: null,
  };
}

const up = (name: string, record: Partial<FlatRecord> = {}) => condition(name, { record });
const down = (name: string, at: number, decision: Decision = backingOff, record: Partial<FlatRecord> = {}) =>
  condition(name, {
    container: anExited({ name }),
    record: { death: aDeath({ at }), readySince: null, attempts: [anAttempt(at)], ...record },
    decision,
  });
const givenUp = (name: string, at: number) =>
  down(name, at, wait('given-up', '3 of 3 attempts failed.'), {
    attempts: [anAttempt(at), anAttempt(at), anAttempt(at)],
    givenUp: { at, reason: 'died' },
  });

/** A monitor's book of incidents, step by step; `below` says who needs whom. */
class Book {
  incidents = new Map<string, IncidentRecord>();
  readonly told: string[] = [];
  readonly messages: string[] = [];
  constructor(private readonly below: Record<string, readonly string[]> = {}) {}

  step(now: number, ...conditions: Condition[]): this {
    const below = new Map(conditions.map(({ name }) => [name, new Set(this.below[name] ?? [])]));
    const byName = new Map(conditions.map((condition) => [condition.name, condition]));
    const { changed, dropped, notices } = updateIncidents(
      this.incidents,
      byName,
      { below },
      10 * MINUTE,
      now,
    );
    for (const id of dropped) this.incidents.delete(id);
    for (const incident of changed) this.incidents.set(incident.id, incident);
    this.told.push(...notices.map(({ type, container }) => `${type} ${container}`));
    this.messages.push(...notices.map(({ message }) => message));
    return this;
  }

  get all(): IncidentRecord[] {
    return [...this.incidents.values()];
  }
}

describe('one cause', () => {
  const apps = Array.from({ length: 20 }, (_, index) => `app-${index}`);
  const below = Object.fromEntries(apps.map((app) => [app, ['db']]));

  it('with twenty dependents is one incident', () => {
    const book = new Book(below).step(
      NOON,
      down('db', NOON),
      ...apps.map((app) => down(app, NOON + SECOND, waitingFor('db'))),
    );
    expect(book.all).toHaveLength(1);
    expect(book.all[0]!.cause.container).toBe('db');
    expect(book.all[0]!.victims.map(({ container }) => container)).toEqual(apps);
    expect(book.told).toEqual([]);
  });

  it('takes in a dependent that died up to ten seconds before it', () => {
    const book = new Book(below)
      .step(NOON, up('db'), down('app-0', NOON))
      .step(NOON + 9 * SECOND, down('db', NOON + 9 * SECOND), down('app-0', NOON));
    expect(book.all.map(({ cause, victims }) => [cause.container, victims.length])).toEqual([['db', 1]]);
  });

  it('does not take in one that died longer before', () => {
    const book = new Book(below)
      .step(NOON, up('db'), down('app-0', NOON))
      .step(NOON + 11 * SECOND, down('db', NOON + 11 * SECOND), down('app-0', NOON));
    expect(book.all.map(({ cause }) => cause.container)).toEqual(['app-0', 'db']);
  });

  it('is not shown for ten seconds while it may still turn out to be a victim', () => {
    const book = new Book(below).step(NOON, up('db'), down('app-0', NOON));
    expect(book.all[0]!.announced).toBe(false);
    book.step(NOON + 10 * SECOND, up('db'), down('app-0', NOON));
    expect(book.all[0]!.announced).toBe(true);
  });

  it('crashing beside another one makes two incidents', () => {
    const book = new Book().step(NOON, down('a', NOON), down('b', NOON));
    expect(book.all.map(({ cause }) => cause.container)).toEqual(['a', 'b']);
  });

  it('wished stopped leaves its victims waiting in silence', () => {
    const stopped = condition('db', {
      container: anExited({ name: 'db' }),
      record: { death: aDeath() },
      decision: leave('stopped-by-person', 'Stopped by hand.'),
    });
    const book = new Book(below).step(NOON, stopped, down('app-0', NOON, waitingFor('db')));
    expect(book.all).toEqual([]);
    expect(book.told).toEqual([]);
  });

  it('stopped by a person ends in silence, also when it was ready for a while', () => {
    const stopped = condition('db', {
      container: anExited({ name: 'db' }),
      record: { death: aDeath() },
      decision: leave('stopped-by-person', 'Stopped by hand.'),
    });
    const book = new Book()
      .step(NOON, givenUp('db', NOON))
      .step(NOON + MINUTE, up('db', { readySince: NOON + 30 * SECOND }))
      .step(NOON + 80 * SECOND, stopped);
    expect(book.told).toEqual(['container.given_up db']);
    expect(book.all).toMatchObject([{ status: 'resolved', endedBy: 'person', backAt: null }]);
  });

  it('that finishes its work ends by itself', () => {
    const done = condition('job', {
      container: anExited({ name: 'job', exitCode: 0 }),
      record: { death: aDeath({ exitCode: 0 }) },
      decision: leave('finished', 'Its work is done.'),
    });
    const book = new Book().step(NOON, down('job', NOON)).step(NOON + MINUTE, done);
    expect(book.all).toMatchObject([{ status: 'resolved', endedBy: 'itself' }]);
  });
});

describe('the end', () => {
  const back = (since: number) => up('app', { readySince: since, attempts: [anAttempt(NOON)] });

  it('is a minute of readiness without a break', () => {
    const book = new Book().step(NOON, down('app', NOON)).step(NOON + 59 * SECOND, back(NOON));
    expect(book.all[0]!.status).toBe('open');
    book.step(NOON + 62 * SECOND, back(NOON + 10 * SECOND));
    expect(book.all[0]!.status).toBe('open');
    book.step(NOON + 70 * SECOND, back(NOON + 10 * SECOND));
    expect(book.all[0]).toMatchObject({ status: 'resolved', endedBy: 'attempt' });
    expect(book.told).toEqual([]);
  });

  it('waits for the victims', () => {
    const book = new Book({ web: ['app'] })
      .step(NOON, down('app', NOON), down('web', NOON, waitingFor('app')))
      .step(NOON + 2 * MINUTE, back(NOON + SECOND), down('web', NOON, waitingFor('app')));
    expect(book.all[0]!.status).toBe('open');
    book.step(NOON + 3 * MINUTE, back(NOON + SECOND), up('web', { readySince: NOON + 2 * MINUTE }));
    expect(book.all[0]).toMatchObject({
      status: 'resolved',
      victims: [{ container: 'web', to: new Date(NOON + 2 * MINUTE).toISOString() }],
    });
  });

  it('is reopened by the same cause within the stable window, without a message', () => {
    const book = new Book()
      .step(NOON, down('app', NOON))
      .step(NOON + 70 * SECOND, back(NOON))
      .step(NOON + 5 * MINUTE, down('app', NOON + 5 * MINUTE));
    expect(book.all).toMatchObject([{ status: 'open', resolvedAt: null }]);
    expect(book.told).toEqual([]);
  });

  it('is followed by a new incident after the stable window', () => {
    const book = new Book()
      .step(NOON, down('app', NOON))
      .step(NOON + 70 * SECOND, back(NOON))
      .step(NOON + 12 * MINUTE, down('app', NOON + 12 * MINUTE));
    expect(book.all.map(({ status }) => status)).toEqual(['resolved', 'open']);
  });

  it('of one whose cause is gone for good is silent', () => {
    const book = new Book().step(NOON, givenUp('app', NOON)).step(NOON + HOUR, up('other'));
    expect(book.all).toMatchObject([{ status: 'resolved' }]);
    expect(book.told).toEqual(['container.given_up app']);
  });
});

describe('messages', () => {
  const refused = down('app', NOON, backingOff, {
    attempts: [anAttempt(NOON, { outcome: 'refused', detail: 'no such file: token=abc' })],
  });

  it('are at most three: opens, worsens, ends; each once', () => {
    const book = new Book();
    for (let second = 0; second < 30; second += 10) book.step(NOON + second * SECOND, refused);
    for (let minute = 1; minute < 60; minute += 10) book.step(NOON + minute * MINUTE, givenUp('app', NOON));
    for (let minute = 60; minute < 70; minute++) {
      book.step(
        NOON + minute * MINUTE,
        up('app', { readySince: NOON + 60 * MINUTE, attempts: [anAttempt(NOON)] }),
      );
    }
    expect(book.told).toEqual([
      'container.restart_failed app',
      'container.given_up app',
      'container.recovered app',
    ]);
  });

  it('do not open what has worsened already', () => {
    const book = new Book().step(NOON, givenUp('app', NOON)).step(NOON + HOUR, refused);
    expect(book.told).toEqual(['container.given_up app']);
  });

  it('say what the rules say', () => {
    const loop = (record: Partial<FlatRecord>) =>
      condition('archy-app', {
        record: { name: 'archy-app', crashLoopSince: NOON, readySince: NOON, ...record },
      });
    const failing = condition('archy-app', {
      container: aChecked('unhealthy', {
        name: 'archy-app',
        healthCheck: aCheck({ lastOutput: 'connection\nrefused, password=hunter2' }),
      }),
      record: { unhealthySince: ago(2 * MINUTE) },
      decision: leave('unhealthy-told', ''),
    });
    const said = (first: Condition) => new Book().step(NOON, first).messages[0];
    expect(said(refused)).toBe(
      'Auto-restart failed (attempt 1/3). Container state: exited. no such file: token=•••.',
    );
    expect(said(givenUp('app', NOON))).toBe(
      'Container restarted (3/3 attempts) and exited again with 1. May need manual attention. Next try at 13:00.',
    );
    expect(said(loop({ engineDeaths: [1, 2, 3, 4], death: aDeath({ exitCode: 139 }) }))).toBe(
      'Exited 4 times in 10 minutes (last: 139, SIGSEGV). Its own restart policy restarts it each time; the monitor leaves it alone.',
    );
    expect(said(loop({ healedDeaths: [1, 2, 3, 4], death: aDeath({ exitCode: 1 }) }))).toBe(
      'Exited 4 times in 24 hours (last: 1). It was restarted each time. It may need you.',
    );
    expect(said(failing)).toBe(
      'Its health check has failed for 2 minutes: connection refused, password=•••. Left alone because it is set to tell, not to restart.',
    );
    expect(
      endedByItself(condition('app', { record: { up: false, death: aDeath({ ranForMs: 72 * HOUR }) } }))
        .message,
    ).toBe('It ended by itself with exit 0 after 3 days. Not restarted.');
  });

  it('tell once of one that is stuck: when it opens, or as what it has come to', () => {
    const since = ago(10 * MINUTE);
    const stuck = (record: Partial<FlatRecord> = {}) =>
      condition('app', {
        container: aContainer({ name: 'app', state: 'stopping' }),
        record: { unsettledSince: since, readySince: null, ...record },
        decision: leave('stuck', 'The engine has been stopping it.'),
      });
    const book = new Book().step(NOON, stuck()).step(NOON + MINUTE, stuck());
    expect(book.told).toEqual(['container.stuck app']);
    expect(book.messages).toEqual(['The engine has been stopping it.']);
    expect(book.all).toMatchObject([
      {
        kind: 'down',
        openedAt: new Date(since).toISOString(),
        cause: { reason: 'It is stuck in the state "stopping".' },
      },
    ]);
    book.step(NOON + HOUR, givenUp('app', NOON + HOUR));
    expect(book.told).toEqual(['container.stuck app', 'container.given_up app']);

    const worsened = new Book()
      .step(NOON, refused)
      .step(NOON + HOUR, stuck())
      .step(NOON + HOUR, stuck());
    expect(worsened.told).toEqual(['container.restart_failed app', 'container.stuck app']);

    const stopped = { value: 'stopped', by: 'person', who: 'ann', at: since } as const;
    expect(new Book().step(NOON, stuck({ wish: stopped })).all).toEqual([]);
    expect(new Book().step(NOON, stuck({ wish: stopped, crashLoopSince: since })).all).toEqual([]);

    const after = worsened.step(NOON + 2 * HOUR, givenUp('app', NOON + 2 * HOUR));
    expect(after.told.slice(2)).toEqual(['container.given_up app']);
  });

  it('tell in mode observe what nobody has seen to for a minute, however often it fell before', () => {
    const observed = (at: number, now: number) => ({ ...down('app', at, leave('observing', '')), now });
    const book = new Book()
      .step(NOON, observed(NOON, NOON))
      .step(NOON + 20 * SECOND, up('app', { readySince: NOON + 10 * SECOND }))
      .step(NOON + 100 * SECOND, observed(NOON + 97 * SECOND, NOON + 100 * SECOND));
    expect(book.told).toEqual([]);
    book.step(NOON + 3 * MINUTE, observed(NOON + 97 * SECOND, NOON + 3 * MINUTE));
    expect(book.told).toEqual(['container.down app']);
    expect(book.messages[0]).toMatch(
      /Down for 1 minute 23 seconds\. Not restarted: the monitor only observes\.$/,
    );
  });

  it('count nobody as a victim who was back before the cause was seen', () => {
    const book = new Book({ web: ['db'] })
      .step(NOON, up('db'), down('web', NOON))
      .step(NOON + 5 * SECOND, up('db'), up('web', { readySince: NOON + 4 * SECOND }))
      .step(NOON + 9 * SECOND, down('db', NOON + 8 * SECOND), up('web', { readySince: NOON + 4 * SECOND }));
    expect(book.all.map(({ cause, victims }) => [cause.container, victims])).toEqual([
      ['web', []],
      ['db', []],
    ]);
  });

  it('name who is back, too', () => {
    const book = new Book({ nbxplorer: ['app'], 'archy-btcpay-server': ['app'] })
      .step(
        NOON,
        givenUp('app', NOON),
        down('nbxplorer', NOON, waitingFor('app')),
        down('archy-btcpay-server', NOON, waitingFor('app')),
      )
      .step(
        NOON + 5 * MINUTE,
        up('app', { readySince: NOON + 4 * MINUTE }),
        up('nbxplorer'),
        up('archy-btcpay-server'),
      );
    expect(book.messages[1]).toBe('Down for 4 minutes. Also back: nbxplorer, btcpay-server.');
  });

  it('name nobody twice as back, and nobody who was turned off meanwhile', () => {
    const waiting = (name: string, at: number) => down(name, at, waitingFor('app'));
    const off = condition('wiki', {
      container: anExited({ name: 'wiki' }),
      record: { death: aDeath({ at: NOON }), readySince: null },
      decision: leave('stopped-by-person', 'Stopped by ann.'),
    });
    const book = new Book({ web: ['app'], wiki: ['app'] })
      .step(NOON, givenUp('app', NOON), waiting('web', NOON), waiting('wiki', NOON))
      .step(NOON + MINUTE, givenUp('app', NOON), up('web', { readySince: NOON + MINUTE }), off)
      .step(NOON + 2 * MINUTE, givenUp('app', NOON), waiting('web', NOON + 2 * MINUTE), off)
      .step(
        NOON + 5 * MINUTE,
        up('app', { readySince: NOON + 4 * MINUTE }),
        up('web', { readySince: NOON + 4 * MINUTE }),
        off,
      );
    expect(book.messages[1]).toBe('Down for 4 minutes. Also back: web.');
  });

  it('tell machines what the Rust monitor told them', () => {
    const { notices } = updateIncidents(
      new Map(),
      new Map([['app', givenUp('app', NOON)]]),
      { below: new Map() },
      1,
      NOON,
    );
    expect(notices[0]).toMatchObject({
      level: 'error',
      title: 'app is unhealthy',
      details: {
        container: 'app',
        app_id: 'app',
        state: 'exited',
        attempt: 3,
        tier: 'application',
        exit_code: 1,
      },
    });
  });

  it('and views carry none of our book-keeping', () => {
    const [incident] = new Book().step(NOON, down('app', NOON)).all;
    expect(Object.keys(incidentView(incident!)).sort()).toEqual(
      ['cause', 'endedBy', 'id', 'kind', 'openedAt', 'resolvedAt', 'status', 'timeline', 'victims'].sort(),
    );
  });
});
