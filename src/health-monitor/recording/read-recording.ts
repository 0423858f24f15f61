import type { ContainerView } from '../../common/events/index.js';
import { resolveOptions, type ResolvedOptions } from '../../common/options/index.js';
import { readIncident } from '../incidents/index.js';
import { readRecord, topologyOf, type Elsewhere, type ExternalRecord } from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { MonitorState } from '../step/index.js';
import { RECORDING_FORMAT, type RecordedFact, type Recording, type RecordingHeader } from './recording.js';

/** A recording that cannot be read. The message says which line, and why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/**
 * Reads a recording, as `GET recording` gives it.
 *
 * @throws RecordingError
 */
export function readRecording(text: string): Recording {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first, second, ...rest] = lines.map((line, index) => parse(line, index + 1));
  const header = first as Partial<RecordingHeader> | undefined;
  if (header?.kind !== 'recording') throw new RecordingError('Line 1: this is no recording.');
  if (header.format !== RECORDING_FORMAT)
    throw new RecordingError(`Line 1: format ${String(header.format)} is not known to this version.`);
  if ((second as { kind?: unknown } | undefined)?.kind !== 'state')
    throw new RecordingError('Line 2: the state before the first fact is missing.');
  const facts = rest.map((line, index) => asFact(line, index + 3));
  const whole = header as RecordingHeader;
  return { header: whole, before: readState(second as StateLine, whole), facts };
}

function readState(line: StateLine, header: RecordingHeader): MonitorState {
  try {
    return asState(line, optionsOf(header));
  } catch {
    throw new RecordingError('Line 2: the state before the first fact cannot be understood.');
  }
}

/** The options with which a recording is replayed. */
export const optionsOf = ({ options }: RecordingHeader): ResolvedOptions => ({
  ...resolveOptions({ access: 'open' }),
  ...options,
});

function parse(line: string, number: number): unknown {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, as what is no object is.
  }
  throw new RecordingError(`Line ${number}: it is not a JSON object.`);
}

function asFact(line: unknown, number: number): RecordedFact {
  const { fact, then } = line as Partial<RecordedFact>;
  if (fact === undefined || then === undefined)
    throw new RecordingError(`Line ${number}: it is no fact with what followed.`);
  return { fact, then };
}

interface StateLine extends Omit<
  MonitorState,
  'containers' | 'records' | 'incidents' | 'externals' | 'elsewhere' | 'views' | 'awake' | 'topology'
> {
  readonly kind: 'state';
  readonly containers: readonly Container[];
  readonly records: readonly ({ readonly name?: unknown } | null)[];
  readonly incidents: readonly unknown[];
  /** Earlier versions had none. */
  readonly externals?: readonly ExternalRecord[];
  readonly elsewhere?: readonly Elsewhere[];
  readonly views: readonly ContainerView[];
  readonly awake: readonly string[];
}

function asState({ kind: _kind, ...line }: StateLine, options: ResolvedOptions): MonitorState {
  const byName = <T extends { readonly name: string }>(all: readonly T[]) =>
    new Map(all.map((one) => [one.name, one]));
  const containers = byName(line.containers);
  return {
    ...line,
    // Nothing was known of it to an earlier version.
    machine: line.machine ?? null,
    containers,
    topology: containers.size === 0 ? undefined : topologyOf(containers, options),
    // What an earlier version kept has less in it.
    records: byName(
      line.records.map((record) => readRecord(String(record?.name), record, line.lastFullCheckAt ?? 0)),
    ),
    incidents: new Map(
      line.incidents.flatMap((kept) => {
        const incident = readIncident(kept);
        return incident === null ? [] : [[incident.id, incident] as const];
      }),
    ),
    externals: new Map((line.externals ?? []).map((one) => [one.id, one])),
    elsewhere: new Map((line.elsewhere ?? []).map((one) => [one.reference, one])),
    views: byName(line.views),
    awake: new Set(line.awake),
  };
}
