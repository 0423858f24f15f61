import type { FileSystemView, MachineView } from '../../common/events/index.js';
import { diskStanding, openOfMachine } from '../incidents/index.js';
import type { FileSystem, MachineReading } from '../machine/index.js';
import type { MonitorState } from './monitor-state.js';

/** The machine as people and their pages see it: the latest figures, and what was made of them. Pure. */
export const viewMachine = (
  { fileSystems, memoryPressure, clockOffMs }: MachineReading,
  at: number,
  state: Pick<MonitorState, 'machine' | 'incidents'>,
): MachineView => ({
  at: new Date(at).toISOString(),
  fileSystems: fileSystems.map((one) => viewFileSystem(one, state)),
  memoryPressure,
  clockOffMs,
});

function viewFileSystem(
  { mount, sizeBytes, freeBytes, ofEngine, containers, lockedOut, fullInMs }: FileSystem,
  { machine, incidents }: Pick<MonitorState, 'machine' | 'incidents'>,
): FileSystemView {
  const judged = machine?.fileSystems.find((one) => one.mount === mount)?.standing ?? 'ok';
  const withheldFrom = openOfMachine(incidents, mount)?.withheldFrom ?? null;
  return {
    mount,
    sizeBytes,
    freeBytes,
    readOnly: lockedOut.length > 0,
    ofEngine,
    containers,
    fullInMs,
    standing: diskStanding(judged, withheldFrom),
  };
}
