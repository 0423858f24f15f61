import { type EngineInfo } from '../container.js';
import { type Answer } from '../engine-api/answer.js';

/** Reads what `info` tells, through the API or the command line. */
export function readEngineInfo(
  info: Answer,
  kind: 'podman' | 'podman-cli',
  address: string,
): Omit<EngineInfo, 'warning'> {
  const host = info.at('host');
  const version = info.at('version').at('Version').string();
  const storageRoot = info.at('store').at('graphRoot').text ?? '';
  const uptime = host.at('uptime').or('', (text) => text.string());
  return {
    kind,
    version,
    rootless: host.at('security').at('rootless').boolean(),
    address,
    tellsWhoStopped: whatTellsWhoStopped(version),
    ...(storageRoot.startsWith('/') ? { storageRoot, ...spaceOf(info.at('store')) } : {}),
    machineUpSince: upSince(uptime, Date.now()),
  };
}

/** From 4.0 on it says how large the file system of its storage is, and how much of that is used. */
function spaceOf(store: Answer): Pick<EngineInfo, 'storageSpace'> {
  const [sizeBytes, used] = ['graphRootAllocated', 'graphRootUsed'].map((key) =>
    store.at(key).or(0, (bytes) => bytes.number()),
  ) as [number, number];
  return sizeBytes > 0 ? { storageSpace: { sizeBytes, freeBytes: Math.max(0, sizeBytes - used) } } : {};
}

/** Podman writes `5h 12m 3.00s (Approximately 0.21 days)`, and leaves out hours where there are none. */
export function upSince(uptime: string, now: number): number | null {
  const [, hours = 0, minutes = 0, seconds] = /^(?:(\d+)h )?(?:(\d+)m )?(\d+(?:\.\d+)?)s/.exec(uptime) ?? [];
  if (seconds === undefined) return null;
  return now - ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

/**
 * How a Podman of this version tells that a person stopped a container. Up to 4.5 only its events do, by a second
 * `cleanup` event; 4.6 says nothing; 4.7 brought the flag `StoppedByUser`.
 */
export function whatTellsWhoStopped(version: string): EngineInfo['tellsWhoStopped'] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return 'never';
  const ordinal = Number(major) * 1_000 + Number(minor);
  if (ordinal >= 4_007) return 'flag';
  return ordinal <= 4_005 ? 'events' : 'never';
}
