import { describe, expect, it } from 'vitest';
import type { ContainerView } from '../../common/events/index.js';
import { aDeath, aRecord, ago, MINUTE, NOON, SECOND } from '../../../test/support/situation.js';
import { act, leave, wait, type MadeDecision } from '../policy/index.js';
import { containerEvent, newsOfDecision, newsOfHappenings, withViews } from './container-events.js';

const died = { kind: 'died', death: aDeath({ exitCode: 139 }) } as const;
const made = (decision: Omit<MadeDecision, 'at'>): MadeDecision => ({ ...decision, at: ago(MINUTE) });
const view = (status: ContainerView['status']) =>
  ({
    name: 'app',
    status,
    memory: null,
    spans: [],
    decision: { code: 'x', reason: 'So.', at: '' },
  }) as unknown as ContainerView;

describe('what is published of what happened', () => {
  it('is an exit with its code and signal', () => {
    expect(newsOfHappenings(aRecord(), [died], NOON).news).toEqual([
      [
        'container.exited',
        { reason: 'Stopped with code 139 (SIGSEGV).', exitCode: 139, oomKilled: false, signal: 'SIGSEGV' },
      ],
    ]);
  });

  it('is no start of our own', () => {
    expect(newsOfHappenings(aRecord(), [{ kind: 'began-run', byUs: true }], NOON).news).toEqual([]);
    expect(newsOfHappenings(aRecord(), [{ kind: 'began-run', byUs: false }], NOON).news).toHaveLength(1);
  });

  it('is said once a minute in a crash loop, with the count of those left out', () => {
    let record = aRecord({ crashLoopSince: ago(MINUTE) });
    const published: unknown[] = [];
    for (let second = 0; second <= 60; second += 20) {
      const { news, shown } = newsOfHappenings(record, [died], NOON + second * SECOND);
      record = { ...record, shown };
      published.push(...news.map(([, { count }]) => count));
    }
    expect(published).toEqual([undefined, 3]);
  });
});

describe('what is published of a decision', () => {
  it('is what its code means, when it is a new one', () => {
    const waiting = wait('waiting-for-dependency', 'Waits.', { blockedBy: ['db'] });
    expect(newsOfDecision(null, waiting, undefined)).toEqual([
      ['container.waiting', { reason: 'Waits.', blockedBy: ['db'] }],
    ]);
    expect(newsOfDecision(made(waiting), waiting, undefined)).toEqual([]);
    expect(newsOfDecision(made({ ...waiting, blockedBy: ['other'] }), waiting, undefined)).toHaveLength(1);
  });

  it('is that it was given up once, and not while that lasts', () => {
    const givesUp = act('give-up', 'engine-gave-up', 'Given up.');
    expect(newsOfDecision(null, givesUp, undefined)).toEqual([
      ['container.given_up', { reason: 'Given up.' }],
    ]);
    expect(newsOfDecision(made(givesUp), leave('engine-gave-up', 'Given up.'), undefined)).toEqual([]);
  });

  it('is first that attempts begin anew', () => {
    expect(newsOfDecision(null, leave('healthy', 'Up.'), 'Trying again.')).toEqual([
      ['container.rearmed', { reason: 'Trying again.' }],
    ]);
  });
});

describe('a changed view', () => {
  const event = containerEvent(['container.exited', { reason: 'Stopped.' }], 'app', NOON);

  it('rides along with the last event about its container', () => {
    const events = withViews([event, event], [{ view: view('down'), known: view('healthy') }], NOON);
    expect(events.map(({ data }) => 'view' in data)).toEqual([false, true]);
  });

  it('has an event of its own where there is none, unless it says the same', () => {
    const changed = { view: view('down'), known: view('healthy') };
    expect(withViews([], [changed], NOON)).toMatchObject([{ type: 'container.changed', container: 'app' }]);
    expect(withViews([], [{ view: view('down'), known: view('down') }], NOON)).toEqual([]);
  });
});
