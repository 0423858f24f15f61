import { describe, expect, it } from 'vitest';
import { aContainer, ago, aRecord, MINUTE, NOON, SECOND } from '../../../test/support/situation.js';
import { resolveOptions } from '../../common/options/index.js';
import { NOT_THERE, neverSeen, topologyOf, type Elsewhere } from '../policy/index.js';
import { clockSet } from './clock-changes.js';
import { elsewhereSeen, isSeenAlready, neededElsewhere, standingOf } from './elsewhere-seen.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';

const engine = (reachable: boolean | null, since: number | null = null): MonitorState['engine'] => ({
  ...NOTHING_KNOWN.engine,
  reachable,
  since,
});

describe('how a container stands for those of other hosts', () => {
  const container = aContainer({ name: 'archy-db', startedAt: ago(MINUTE) });
  const record = aRecord({
    name: 'archy-db',
    run: { startedAt: ago(MINUTE), since: ago(MINUTE), begunByUs: false },
    readySince: ago(50 * SECOND),
  });
  const known: MonitorState = {
    ...NOTHING_KNOWN,
    engine: engine(true),
    lastAlive: { bootId: null, aliveAt: ago(SECOND) },
    containers: new Map([[container.name, container]]),
    records: new Map([[record.name, record]]),
  };
  const silent = { ...known, engine: engine(false, ago(MINUTE)), containers: new Map() };

  it('is told by its name or app id, with its run', () => {
    for (const written of ['db', 'archy-db'])
      expect(standingOf(known, written, NOON)).toMatchObject({
        name: 'archy-db',
        lacks: { started: null, healthy: null },
        run: { startedAt: ago(MINUTE), since: ago(MINUTE) },
        readySince: ago(50 * SECOND),
        silentSince: null,
      });
  });

  it('is what was last seen while its host is silent, also by an earlier process', () => {
    expect(standingOf(silent, 'db', NOON)).toMatchObject({
      lacks: { healthy: null },
      silentSince: ago(MINUTE),
    });
  });

  it('is not known before its host was looked at', () => {
    expect(standingOf({ ...known, engine: engine(null) }, 'db', NOON)).toEqual(neverSeen(null));
    const never = { ...silent, records: new Map(), lastAlive: null };
    expect(standingOf(never, 'db', NOON)).toEqual(neverSeen(ago(MINUTE)));
  });

  it('is nothing where there is none of that name', () => {
    expect(standingOf(known, 'lnd', NOON)).toBe(NOT_THERE);
    expect(standingOf(silent, 'lnd', NOON)).toBe(NOT_THERE);
  });
});

describe('what was seen of containers of other hosts', () => {
  const options = resolveOptions({
    access: 'open',
    preset: 'none',
    hosts: { attic: { runtime: { ssh: 'attic' } } },
    containers: {
      lnd: { dependsOn: ['attic/db'] },
      web: { dependsOn: ['attic/db', 'attic/files', 'lnd'] },
    },
  });
  const containers = new Map(['lnd', 'web', 'other'].map((name) => [name, aContainer({ name })]));
  const state = { ...NOTHING_KNOWN, topology: topologyOf(containers, options) };
  const seen = (reference: string, changes: Partial<Elsewhere> = {}): Elsewhere => ({
    ...neverSeen(null),
    reference,
    inCircleWith: [],
    ...changes,
  });
  const fact = (...all: Elsewhere[]) => ({ kind: 'elsewhere-seen', at: NOON, containers: all }) as const;

  it('is asked once for each that is needed', () => {
    expect(neededElsewhere(state)).toEqual(['attic/db', 'attic/files']);
  });

  it('wakes those that need what changed, to be looked at next', () => {
    const first = elsewhereSeen(state, fact(seen('attic/db'), seen('attic/files')));
    expect(first.checkNext).toEqual(['lnd', 'web']);
    const files = seen('attic/files', { silentSince: NOON });
    const second = elsewhereSeen({ ...first.state, awake: new Set() }, fact(seen('attic/db'), files));
    expect(second.checkNext).toEqual(['web']);
    expect([...second.state.awake]).toEqual(['web']);
    expect(isSeenAlready(second.state, [seen('attic/db'), files])).toBe(true);
    expect(isSeenAlready(second.state, [seen('attic/db'), seen('attic/files')])).toBe(false);
  });

  it('moves along when the clock is set', () => {
    const { state: known } = elsewhereSeen(state, fact(seen('attic/db', { readySince: ago(MINUTE) })));
    const moved = clockSet(known, { kind: 'clock-set', at: NOON + MINUTE, by: MINUTE });
    expect(moved.elsewhere.get('attic/db')?.readySince).toBe(NOON);
  });

  it('is forgotten where nobody needs it any more', () => {
    const { state: known } = elsewhereSeen(state, fact(seen('attic/db'), seen('attic/files')));
    const { state: after } = elsewhereSeen(known, fact(seen('attic/db')));
    expect([...after.elsewhere.keys()]).toEqual(['attic/db']);
    expect(isSeenAlready(known, [seen('attic/db')])).toBe(false);
  });

  it('is what rules name of another host, not what they name of their own', () => {
    const both = new Map(['lnd', 'db'].map((name) => [name, aContainer({ name })]));
    expect(topologyOf(both, options).graph.elsewhere.size).toBe(1);
    const { graph } = topologyOf(both, { ...options, ofHost: 'attic' });
    expect(graph.elsewhere.size).toBe(0);
    expect(graph.dependencies.get('lnd')).toMatchObject([{ anyOf: ['db'] }]);
  });
});
