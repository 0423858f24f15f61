/** The longest beginning of `text` that measures at most `limit`, never half a character; cut ones end in `…`. */
export function fit(
  text: string,
  limit: number,
  measure: (text: string) => number = (part) => part.length,
): string {
  if (measure(text) <= limit) return text;
  const room = limit - measure('…');
  let fitting = '';
  let size = 0;
  for (const character of text) {
    size += measure(character);
    if (size > room) break;
    fitting += character;
  }
  return `${fitting}…`;
}

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
