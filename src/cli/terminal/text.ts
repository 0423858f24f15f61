import { plainText } from '../../common/text/index.js';

/** Text of containers, engines and apps as one line that no terminal takes for a command. Pure. */
export const oneLine = (text: string): string => plainText(text).replaceAll(/\s+/g, ' ').trim();

/** `03:12:40` of today, `2026-01-31 03:12:40` of another day, where this process is told to be. Pure. */
export function timeOf(iso: string, now: number): string {
  const [day, time] = inSwedish(new Date(iso));
  return day === inSwedish(new Date(now))[0] ? time : `${day} ${time}`;
}

/** Sweden writes dates as ISO 8601 does. */
const inSwedish = (at: Date): readonly [day: string, time: string] => [
  at.toLocaleDateString('sv'),
  at.toLocaleTimeString('sv'),
];
