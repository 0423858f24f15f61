import { clock } from '../state/clock.js';
import { ago, countdown, exactTime, fullTime, time } from '../words/format.js';
import * as copy from '../words/copy/index.js';

function Stamp({ at, text }: { at: number; text: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {text}
    </time>
  );
}

/** `2 minutes ago`, kept up to date. */
export function Ago({ at }: { at: string | number }) {
  const moment = new Date(at).getTime();
  return <Stamp at={moment} text={ago(moment, clock.value)} />;
}

export function ClockTime({ at, exact = false }: { at: string | number; exact?: boolean }) {
  const moment = new Date(at).getTime();
  return <Stamp at={moment} text={exact ? exactTime(moment) : time(moment)} />;
}

/** How late a planned moment may be before that is said, milliseconds. */
const LATE_MS = 5_000;

/** What a countdown to `at` shows now; the number only while there is something to count. */
export function countdownText(at: string): { readonly number: string | null; readonly words: string } {
  const left = Date.parse(at) - clock.value;
  if (left > 0)
    return { number: countdown(left), words: copy.incidentCard.plannedAt(exactTime(Date.parse(at))) };
  return { number: null, words: left > -LATE_MS ? copy.incidentCard.starting : copy.incidentCard.later };
}
