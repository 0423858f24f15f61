import { type EngineConnection } from '../connection/engine-connection.js';
import { CgroupMemoryReader } from './cgroup-memory.js';
import { HostProcesses } from './host-processes.js';
import { MemoryReader } from './memory-reader.js';

/** No file is below it. */
const NOWHERE = '/dev/null';

/** What of an engine is to be seen beside its API. */
export interface SeenFromHere {
  readonly processes: HostProcesses;
  readonly memory: MemoryReader;
}

/**
 * Of an engine on another machine nothing is: ids of processes and paths of control groups would be those of others
 * here. Nor is this machine's memory a bound there, where the engine gives that of its own as the limit.
 */
export function seenFromHere({ isLocal }: Pick<EngineConnection, 'isLocal'>): SeenFromHere {
  if (isLocal) {
    const processes = new HostProcesses();
    return { processes, memory: new MemoryReader(undefined, processes) };
  }
  const processes = new HostProcesses(NOWHERE);
  return { processes, memory: new MemoryReader(new CgroupMemoryReader(NOWHERE), processes, Infinity) };
}
