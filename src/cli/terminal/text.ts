import { plainText } from '../../common/text/index.js';

/** Text of containers, engines and apps as one line that no terminal takes for a command. Pure. */
export const oneLine = (text: string): string => plainText(text).replaceAll(/\s+/g, ' ').trim();

/** `2026-01-31`, where this process is told to be: Sweden writes dates as ISO 8601 does. Pure. */
export const dayOf = (at: number): string => new Date(at).toLocaleDateString('sv');

/** `03:12:40`, where this process is told to be. Pure. */
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** `03:12:40` of today, `2026-01-31 03:12:40` of another day, where this process is told to be. Pure. */
export function timeOf(iso: string, now: number): string {
  const at = Date.parse(iso);
  const day = dayOf(at);
  return day === dayOf(now) ? timeOfDay(at) : `${day} ${timeOfDay(at)}`;
}
