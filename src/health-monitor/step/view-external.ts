import type { ExternalStatus, ExternalView } from '../../common/events/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import { externalName, probeInWords, type ExternalRecord } from '../policy/index.js';
import type { MonitorState } from './monitor-state.js';
import { progressOf } from './view-container.js';

/** Every external as people and their pages see it, as they are written in the options. Pure. */
export const viewExternals = (
  { externals }: Pick<MonitorState, 'externals'>,
  options: Pick<ResolvedOptions, 'externals'>,
): readonly ExternalView[] =>
  Object.keys(options.externals).map((id) => viewExternal(id, externals.get(id), options));

/** `record`: `undefined` while it was not asked yet. Pure. */
export function viewExternal(
  id: string,
  record: ExternalRecord | undefined,
  options: Pick<ResolvedOptions, 'externals'>,
): ExternalView {
  const external = options.externals[id]!;
  const about = { id, name: externalName(options, id), asked: probeInWords(external) };
  if (record === undefined)
    return { ...about, status: 'unknown', sentence: 'It has not answered yet.', since: null, progress: null };
  const { health, sentence, since, share, leftMs } = record;
  const hasProgress = share !== null || (health === 'not-yet' && !record.isFailing);
  return {
    ...about,
    status: statusOf(record),
    sentence,
    since: new Date(since).toISOString(),
    progress: hasProgress ? progressOf({ sentence, share, leftMs }) : null,
  };
}

const STATUS_OF = { ok: 'up', 'not-yet': 'not-yet', failed: 'down', unanswered: 'unknown' } as const;

/** One that never answered well, and has not failed often enough, may be anything. */
const statusOf = ({ health, isFailing }: ExternalRecord): ExternalStatus =>
  health === 'not-yet' && isFailing ? 'unknown' : STATUS_OF[health];
