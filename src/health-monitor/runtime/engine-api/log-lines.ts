/** The lines of a log; the end of its last line begins no further one. */
export function splitLog(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
