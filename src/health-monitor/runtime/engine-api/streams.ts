import { RuntimeError } from '../runtime-error.js';

const LINE_LIMIT_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** The lines of a stream of bytes, without their ends. A line over 1 MiB is a `RuntimeError` of kind `nonsense`. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<string, void, void> {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, end)]).toString('utf8');
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > LINE_LIMIT_BYTES) throw new RuntimeError('nonsense', `${what}: a line without end.`);
  }
  if (begunBytes > 0) yield Buffer.concat(begun).toString('utf8');
}

/** All bytes of a stream; more than `limitBytes` is a `RuntimeError` of kind `nonsense`. */
export async function bytesOf(
  chunks: AsyncIterable<Uint8Array>,
  limitBytes: number,
  what: string,
): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw new RuntimeError('nonsense', `${what}: an answer over ${limitBytes} bytes.`);
    read.push(chunk);
  }
  return Buffer.concat(read);
}

/** The last bytes of a stream, at most `limitBytes`. It is read to its end, however long that is. */
export async function endOf(chunks: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  let kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    bytes += chunk.length;
    if (bytes < 2 * limitBytes) continue;
    const end = Buffer.concat(kept).subarray(-limitBytes);
    kept = [end];
    bytes = end.length;
  }
  return Buffer.concat(kept).subarray(-limitBytes);
}
