import { RuntimeError } from '../runtime-error.js';

const HEADER_BYTES = 8;

/**
 * The text of a log as the API sends it: frames of one byte for the stream, three of padding, four for the length
 * (big endian), then that many bytes. A frame is a line; a line may also be spread over several.
 */
export function textOfLogFrames(log: Buffer): string {
  const texts: Buffer[] = [];
  for (let at = 0; at < log.length;) {
    const length = at + HEADER_BYTES <= log.length ? log.readUInt32BE(at + 4) : Infinity;
    const end = at + HEADER_BYTES + length;
    if (end > log.length) throw new RuntimeError('nonsense', 'Reading a log: it ends amid a frame.');
    texts.push(log.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(texts).toString('utf8');
}
