/** PostgreSQL's number of the type `text`. */
const TEXT = 25;
/** How many dimensions there are, whether any item is null, of which type they are, how many, and the number of the first. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL = -1;

/**
 * A list of texts as PostgreSQL takes a `text[]` in binary. As text, each quote in them had to be escaped here and read
 * there, which takes longer than to write them. NUL, of which a text there can hold none, becomes U+FFFD.
 */
export function textArray(items: readonly (string | null)[]): Buffer {
  const texts = items.map((item) => item?.replaceAll('\0', '\ufffd') ?? null);
  const bytes = texts.reduce((sum, text) => sum + LENGTH_BYTES + Buffer.byteLength(text ?? ''), HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  const hasNull = texts.includes(null);
  let at = [1, Number(hasNull), TEXT, texts.length, 1].reduce(
    (offset, field) => array.writeInt32BE(field, offset),
    0,
  );
  for (const text of texts) {
    const length = text === null ? NULL : array.write(text, at + LENGTH_BYTES);
    at = array.writeInt32BE(length, at) + Math.max(0, length);
  }
  return array;
}
