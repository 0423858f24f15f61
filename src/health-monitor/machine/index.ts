export { FillHistory, isFillDocument, type FillDocument } from './fill-history.js';
export { enoughToStart, FEW_FILES_SHARE, isSameMachine, judgeMachine } from './judge-machine.js';
export {
  NO_READING,
  type DiskStanding,
  type FileSystem,
  type JudgedFileSystem,
  type Machine,
  type MachineReading,
} from './machine.js';
export { fullFor, lineOfNoSpace, needs } from './no-space.js';
