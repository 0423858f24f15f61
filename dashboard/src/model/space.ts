import type { FileSystemView } from '../client.js';
import * as copy from '../words/copy/index.js';
import { bytes, duration } from '../words/format.js';

/** `78 GB of 252 GB free; full in 3 days at this rate` */
export function spaceLeft({ freeBytes, sizeBytes, fullInMs }: FileSystemView): string {
  const free = copy.space.free(bytes(freeBytes), bytes(sizeBytes));
  return fullInMs === null ? free : `${free}; ${copy.space.fullIn(duration(fullInMs))}`;
}
