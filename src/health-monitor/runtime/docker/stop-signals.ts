import { constants } from 'node:os';

/** SIGTERM, SIGKILL, and SIGINT, which a person sends by Ctrl-C. */
const ALWAYS: ReadonlySet<number> = new Set([15, 9, 2]);
/** The first of the real-time signals, as containers know it. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** Whether a signal asks a container to end, or ends it; `own`: the number of its own stop signal, `null`: the usual. */
export const isStopSignal = (signal: number, own: number | null): boolean =>
  ALWAYS.has(signal) || signal === own;

/** The number of a signal as people write it for a container: `SIGQUIT`, `quit`, `3`, `RTMIN+3`; `null`: it is none. */
export function signalNumber(written: string): number | null {
  if (/^\d+$/.test(written)) return Number(written);
  const name = written.toUpperCase().replace(/^(?:SIG)?/, 'SIG');
  const [, from, sign, by] = /^SIGRT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name) ?? [];
  if (from !== undefined) return (from === 'MIN' ? SIGRTMIN : SIGRTMAX) + Number(`${sign ?? '+'}${by ?? 0}`);
  const signals: Readonly<Record<string, number | undefined>> = constants.signals;
  return signals[name] ?? null;
}
