import { describe, expect, it } from 'vitest';
import { aContainer, aRecord, NOON } from '../../../test/support/situation.js';
import type { Container, EngineInfo } from '../runtime/index.js';
import { NOTHING_KNOWN, type MonitorState } from './monitor-state.js';
import type { Observation } from './observation.js';
import { findRenames, holdsLeftBehind, withRenames } from './renames.js';

const engine: EngineInfo = {
  kind: 'test',
  version: '1',
  rootless: false,
  address: 'nowhere',
  tellsWhoStopped: 'flag',
  warning: null,
};
const hold = { reason: 'backup', by: 'ann', since: NOON, until: null };
const stateOf = (...records: ReturnType<typeof aRecord>[]): MonitorState => ({
  ...NOTHING_KNOWN,
  records: new Map(records.map((record) => [record.name, record])),
});
const seen = (...containers: Partial<Container>[]): Observation => ({
  full: true,
  eventsMissing: false,
  first: false,
  engine,
  listed: containers.map(({ name }) => name!),
  inspected: containers.map((container) => ({
    container: aContainer(container),
    stopEvidence: null,
    evidence: null,
  })),
  gone: [],
  unreadable: [],
});
const one = aRecord({ name: 'one', id: 'id of one', hold });
const two = aRecord({ name: 'two', id: 'id of two', dependencyRuns: { one: NOON } });

describe('renames', () => {
  it('are found by the id, also where two swap their names', () => {
    const state = stateOf(one, two);
    expect(findRenames(state, seen({ name: 'new', id: 'id of one' }))).toEqual(new Map([['one', 'new']]));
    const swap = seen({ name: 'two', id: 'id of one' }, { name: 'one', id: 'id of two' });
    expect(Object.fromEntries(findRenames(state, swap))).toEqual({ one: 'two', two: 'one' });
    expect(findRenames(state, seen({ name: 'one', id: 'another' }))).toEqual(new Map());
    expect(findRenames(state, { ...swap, listed: null }).size).toBe(0);
  });

  it('take along what is remembered, and what others remember of them', () => {
    const { records } = withRenames(stateOf(one, two), new Map([['one', 'new']]));
    expect([...records.keys()].toSorted()).toEqual(['new', 'two']);
    expect(records.get('new')).toMatchObject({ name: 'new', id: 'id of one', intent: { hold } });
    expect(records.get('two')!.healing.dependencyRuns).toEqual({ new: NOON });
  });

  it('take the place of one that is gone, and its hold', () => {
    const { records } = withRenames(stateOf(one, two), new Map([['two', 'one']]));
    expect([...records.values()]).toMatchObject([{ name: 'one', id: 'id of two', intent: { hold } }]);
  });

  it('leave a hold behind for whoever has the name next', () => {
    const left = holdsLeftBehind(stateOf(one, two), new Map([['one', 'new']]));
    expect(left).toEqual(new Map([['one', hold]]));
  });

  it('change nothing where there are none', () => {
    const state = stateOf(one);
    expect(withRenames(state, new Map())).toBe(state);
  });
});
