import { type EngineInfo } from '../container.js';
import { Answer } from '../engine-api/answer.js';

/** Reads what `info` tells. */
export function readEngineInfo(info: Answer, address: string): Omit<EngineInfo, 'warning'> {
  const security = info.at('SecurityOptions').list.map((option) => option.text ?? '');
  const storageRoot = info.at('DockerRootDir').text ?? '';
  return {
    kind: 'docker',
    version: info.at('ServerVersion').string(),
    rootless: security.some((option) => option.split(',').includes('name=rootless')),
    address,
    tellsWhoStopped: 'signals',
    ...(storageRoot.startsWith('/') ? { storageRoot } : {}),
  };
}

/** Docker remembers some 256 events. So many less are all that there were. */
const SURELY_ALL = 200;

/** Reads the events that it remembers, one a line, oldest first. */
export function readMemory(
  events: string,
  { clockAheadMs = 0 }: Pick<EngineInfo, 'clockAheadMs'>,
): Pick<EngineInfo, 'remembersSince' | 'remembersAll'> {
  const lines = events.split('\n').filter((line) => line !== '');
  const [oldest] = lines;
  const at = oldest === undefined ? null : Answer.parse(oldest, 'An event').at('timeNano').number() / 1e6;
  return {
    ...(at === null ? {} : { remembersSince: at - clockAheadMs }),
    ...(lines.length < SURELY_ALL ? { remembersAll: true as const } : {}),
  };
}
