import { type Answer } from '../engine-api/answer.js';
import { type EngineUsage } from '../engine-api/memory-reader.js';

/**
 * What one container uses, from its `stats`, without the page cache that the kernel can take back, as `docker stats` shows
 * it; `null`: it does not run.
 */
export function readUsage(id: string, stats: Answer): EngineUsage | null {
  const memory = stats.at('memory_stats');
  if (memory.at('usage').isAbsent) return null;
  const usage = memory.at('usage').number();
  const counted = memory.at('stats');
  // Version 1 of control groups adds up those below, version 2 always does.
  const version1 = counted.at('total_inactive_file');
  const cache = (version1.isAbsent ? counted.at('inactive_file') : version1).or(0, (bytes) => bytes.number());
  return {
    id,
    usedBytes: cache < usage ? usage - cache : usage,
    limitBytes: memory.at('limit').or(0, (bytes) => bytes.number()),
  };
}
