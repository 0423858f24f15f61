/** The beginning of a text: at most so many UTF-16 units, up to the last end of a line (else the last blank) in them. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const beginning = text.slice(0, most);
  const end = Math.max(beginning.lastIndexOf('\n'), 0) || beginning.lastIndexOf(' ');
  return end > 0 ? beginning.slice(0, end) : beginning;
}

/** The last lines that are together at most so many UTF-16 units; of a last line that alone is more, its beginning. */
export function lastLines(lines: readonly string[], most: number): readonly string[] {
  let room = most;
  let first = lines.length;
  while (first > 0 && lines[first - 1]!.length < room) room -= lines[--first]!.length + 1;
  return first === lines.length && first > 0 ? [beginningOf(lines[first - 1]!, most)] : lines.slice(first);
}

/** At most so many UTF-16 units, and `…` where something was cut off; never half of a surrogate pair. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const isAmidPair = /[\ud800-\udbff]/.test(text.charAt(most - 1));
  return `${text.slice(0, isAmidPair ? most - 1 : most)}…`;
}
