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

/** What is in the frames of a command's output, of which each stream is sent as it comes; however they are cut. */
export async function* contentOfFrames(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  let header = Buffer.alloc(0);
  let left = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (left === 0) {
        const more = chunk.subarray(at, at + HEADER_BYTES - header.length);
        header = Buffer.concat([header, more]);
        at += more.length;
        if (header.length < HEADER_BYTES) continue;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      } else {
        const content = chunk.subarray(at, at + left);
        at += content.length;
        left -= content.length;
        yield content;
      }
    }
  }
  if (left > 0 || header.length > 0)
    throw new RuntimeError('nonsense', 'Running a command: what it wrote ends amid a frame.');
}
