import { isDeepStrictEqual } from 'node:util';
import type { ResolvedHostOptions } from '../../common/options/index.js';
import type { DiskStanding, FileSystem, JudgedFileSystem, Machine, MachineReading } from './machine.js';

const GIB = 1024 ** 3;
const TIGHT_SHARE = 0.05;
const TIGHT_BYTES = GIB;
/** Of the files that there can be; below this, hardly any more can be made. */
export const FEW_FILES_SHARE = 0.05;
const NO_FILES_SHARE = 0.01;
/** What was told is over when it is better by so much: what hovers at a bound is told once. */
const CLEARLY_BETTER = 1.25;
const CLEARLY_LATER = 2;
const CLEARLY_LESS = 0.5;

/** Until so much is free, starts that failed for want of space are withheld: bytes. Pure. */
export const enoughToStart = ({ sizeBytes }: Pick<FileSystem, 'sizeBytes'>): number =>
  Math.min(sizeBytes * TIGHT_SHARE, TIGHT_BYTES);

/**
 * Says how it is with the machine. Pure.
 *
 * @param before what was made of it last; `null`: this is the first time
 */
export function judgeMachine(
  reading: MachineReading,
  before: Machine | null,
  options: ResolvedHostOptions,
): Machine {
  return {
    ...reading,
    fileSystems: reading.fileSystems.map((one) => judged(one, standingBefore(before, one), options)),
    isMemoryShort: isMemoryShort(reading, before, options),
    isClockOff: isClockOff(reading, before, options),
  };
}

/** Whether something is another that anybody would do or say something about. Pure. */
export const isSameMachine = (a: Machine | null, b: Machine): boolean =>
  a !== null && isDeepStrictEqual(whatMatters(a), whatMatters(b));

/** All of it but its figures; whether there are any counts, since of what nobody knows nothing is over. */
const whatMatters = ({ fileSystems, ...whole }: Machine): unknown => [
  whole.isMemoryShort,
  whole.isClockOff,
  whole.memoryPressure === null,
  whole.clockOffMs === null,
  fileSystems.map(({ mount, ofEngine, containers, lockedOut, standing, isTight }) => [
    mount,
    ofEngine,
    containers,
    lockedOut,
    standing,
    isTight,
  ]),
];

const standingBefore = (before: Machine | null, { mount }: FileSystem): DiskStanding | undefined =>
  before?.fileSystems.find((one) => one.mount === mount)?.standing;

function judged(
  fileSystem: FileSystem,
  before: DiskStanding | undefined,
  { disk }: ResolvedHostOptions,
): JudgedFileSystem {
  const isTight = isTightOn(fileSystem);
  const standing =
    fileSystem.lockedOut.length > 0
      ? 'read-only'
      : isLow(fileSystem, before, disk, isTight)
        ? 'low'
        : isForetold(fileSystem, before, disk)
          ? 'foretold'
          : 'ok';
  return { ...fileSystem, standing, isTight };
}

function isTightOn(fileSystem: FileSystem): boolean {
  const { freeBytes, freeFilesShare } = fileSystem;
  return freeBytes < enoughToStart(fileSystem) || (freeFilesShare ?? 1) < NO_FILES_SHARE;
}

function isLow(
  { sizeBytes, freeBytes, freeFilesShare }: FileSystem,
  before: DiskStanding | undefined,
  disk: ResolvedHostOptions['disk'],
  isTight: boolean,
): boolean {
  const least = Math.min(sizeBytes * disk.freeShare, disk.freeBytes);
  if (least === 0) return false;
  const asked = before === 'low' ? CLEARLY_BETTER : 1;
  return isTight || freeBytes < least * asked || (freeFilesShare ?? 1) < FEW_FILES_SHARE * asked;
}

function isForetold(
  { fullInMs }: FileSystem,
  before: DiskStanding | undefined,
  { foretellMs }: ResolvedHostOptions['disk'],
): boolean {
  const isKnown = before === 'foretold' || before === 'low';
  return fullInMs !== null && fullInMs < foretellMs * (isKnown ? CLEARLY_LATER : 1);
}

function isMemoryShort(
  { memoryPressure }: MachineReading,
  before: Machine | null,
  { memoryPressure: most }: ResolvedHostOptions,
): boolean {
  if (most >= 1 || memoryPressure === null) return false;
  return memoryPressure > (before?.isMemoryShort ? most * CLEARLY_LESS : most);
}

/** While nobody tells the time it stays as it was. */
function isClockOff(
  { clockOffMs }: MachineReading,
  before: Machine | null,
  { clockOffMs: most }: ResolvedHostOptions,
): boolean {
  if (most === 0) return false;
  const wasOff = before?.isClockOff ?? false;
  return clockOffMs === null ? wasOff : Math.abs(clockOffMs) > (wasOff ? most * CLEARLY_LESS : most);
}
