import type { ContainerView, MemoryTick, MemoryView } from '../../common/events/index.js';
import {
  fieldsOf,
  isFields,
  isMoment,
  isNumber,
  isText,
  isTime,
  listOf,
  orNull,
} from '../../common/shape/index.js';
import { readIfFit, type Put, type Remove } from '../../common/store/index.js';
import type { MachineReading } from '../machine/index.js';
import type { ExternalRecord } from '../policy/index.js';
import { changedValues, removedKeys, type MonitorState } from '../step/index.js';

/*
 * What the monitor of a host knows besides records and incidents, as documents: where several processes share the store,
 * those that follow serve it as the leader has it.
 */

/** What a status needs. */
export interface ServedStatus extends Pick<
  MonitorState,
  'watchingSince' | 'engine' | 'lastFullCheckAt' | 'machine'
> {
  readonly externals: readonly ExternalRecord[];
}

/** The machine as it was last read. */
export interface ServedReading {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reading: MachineReading;
}

/** The memory of containers as it was last measured. */
export interface ServedMemory {
  /** Of those that run. */
  readonly tick: MemoryTick;
  /** The limits of those that were measured and run no more, by name. */
  readonly idle: Readonly<Record<string, number | null>>;
}

declare module '../../common/store/health-store.js' {
  interface Collections {
    /** By name, without memory. */
    view: ContainerView;
    'served-status': ServedStatus;
    'served-reading': ServedReading;
    'served-memory': ServedMemory;
  }
}

/** The memory of each container that was measured, by name. */
export function memoryByName(memory: ServedMemory | null): ReadonlyMap<string, MemoryView> {
  const idle = Object.entries(memory?.idle ?? {}).map(
    ([name, limitBytes]) => [name, { usedBytes: 0, limitBytes, trend: null }] as const,
  );
  const running = (memory?.tick.samples ?? []).map(
    ({ container, trend = null, ...used }) => [container, { ...used, trend }] as const,
  );
  return new Map<string, MemoryView>([...idle, ...running]);
}

/** The one key in a collection of which there is one document a host. */
export const SERVED = 'latest';

/** What a step changed of what is served. */
export function servedChange(
  before: MonitorState,
  after: MonitorState,
): { readonly put: readonly Put[]; readonly remove: readonly Remove[] } {
  return {
    put: [
      ...changedValues(before.views, after.views).map((value): Put => ({
        collection: 'view',
        key: value.name,
        value,
      })),
      ...(isSameStatus(before, after)
        ? []
        : [{ collection: 'served-status', key: SERVED, value: statusOf(after) } as const]),
    ],
    remove: removedKeys(before.views, after.views).map((key) => ({ collection: 'view', key })),
  };
}

const isSameStatus = (before: MonitorState, after: MonitorState): boolean =>
  before.engine === after.engine &&
  before.lastFullCheckAt === after.lastFullCheckAt &&
  before.watchingSince === after.watchingSince &&
  before.machine === after.machine &&
  before.externals === after.externals;

const statusOf = (state: MonitorState): ServedStatus => ({
  watchingSince: state.watchingSince,
  engine: state.engine,
  lastFullCheckAt: state.lastFullCheckAt,
  machine: state.machine,
  externals: [...state.externals.values()],
});

// What another version left, or what is damaged, is as if it were not there.

export const readView = readIfFit<ContainerView>(
  fieldsOf({
    name: isText,
    appId: isText,
    status: isText,
    dependsOn: listOf(isText),
    blockedBy: listOf(isText),
    spans: listOf(isFields),
    rules: isFields,
    decision: fieldsOf({ code: isText, reason: isText, at: isMoment }),
  }),
);

export const readServedStatus = readIfFit<ServedStatus>(
  fieldsOf({
    watchingSince: isTime,
    engine: fieldsOf({ info: orNull(isFields), since: orNull(isTime), problem: orNull(isText) }),
    lastFullCheckAt: orNull(isTime),
    machine: orNull(fieldsOf({ fileSystems: listOf(isFields) })),
    externals: listOf(fieldsOf({ id: isText, sentence: isText, since: isTime })),
  }),
);

export const readServedReading = readIfFit<ServedReading>(
  fieldsOf({
    at: isTime,
    reading: fieldsOf({ fileSystems: listOf(fieldsOf({ mount: isText, lockedOut: listOf(isText) })) }),
  }),
);

export const readServedMemory = readIfFit<ServedMemory>(
  fieldsOf({
    tick: fieldsOf({ at: isMoment, samples: listOf(fieldsOf({ container: isText, usedBytes: isNumber })) }),
    idle: isFields,
  }),
);
