import { type EngineInfo } from '../container.js';
import { type Answer } from '../engine-api/answer.js';

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
