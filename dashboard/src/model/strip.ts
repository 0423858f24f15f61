import type { Status, StatusSpan } from '../client.js';
import * as copy from '../words/copy/index.js';
import { time } from '../words/format.js';

const DAY = 24 * 3_600_000;

/** A stretch of the strip. Positions are fractions of its width: width is time, not the number of checks. */
export interface Segment {
  readonly status: Status | 'not-watched';
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly width: number;
}

/** The last 24 hours as stretches, oldest first; before the first span nothing was watched. */
export function segments(spans: readonly StatusSpan[], now: number): readonly Segment[] {
  const start = now - DAY;
  const all: { from: number; status: Status | 'not-watched' }[] = spans.map(({ from, status }) => ({
    from: Date.parse(from),
    status,
  }));
  const first = all[0];
  if (!first || first.from > start + 60_000) all.unshift({ from: start, status: 'not-watched' });
  return all
    .map(({ from, status }, index) => {
      const begin = Math.max(start, from);
      const end = Math.min(now, all[index + 1]?.from ?? now);
      return { status, from: begin, to: end, x: (begin - start) / DAY, width: (end - begin) / DAY };
    })
    .filter(({ width }) => width > 0);
}

const DOWN: ReadonlySet<string> = new Set<Status>([
  'down',
  'backing-off',
  'given-up',
  'restarting',
  'waiting',
]);
const OFF: ReadonlySet<string> = new Set<Status>(['stopped', 'held', 'ignored']);

/** The strip in words. */
export function stripSentence(spans: readonly StatusSpan[], now: number): string {
  const all = segments(spans, now);
  const down = runs(all, ({ status }) => DOWN.has(status));
  const unhealthy = runs(all, ({ status }) => status === 'unhealthy');
  const off = runs(all, ({ status }) => OFF.has(status));
  const waiting = runs(all, ({ status }) => status === 'waiting');
  const [first] = all;
  const begins = first?.status === 'not-watched' && first.to - first.from >= 60_000 ? first.to : null;
  const unwatched = runs(all, ({ status }) => status === 'not-watched').filter(
    ({ ms, to }) => ms >= 60_000 && to !== begins,
  );
  const sentences = [
    ...timesOf(down, copy.strip.down),
    ...(waiting.length > 0 ? [copy.strip.waited(total(waiting))] : []),
    ...timesOf(unhealthy, copy.strip.unhealthy),
    ...(off.length > 0 ? [copy.strip.off(total(off))] : []),
    ...unwatched.map(({ from, to }) => copy.strip.notWatched(time(from), time(to))),
  ];
  const said = sentences.length > 0 ? sentences : [copy.strip.fine];
  return [...said, ...(begins !== null ? [copy.strip.since(time(begins))] : [])].join(' ');
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

function runs(all: readonly Segment[], belongs: (segment: Segment) => boolean): readonly Run[] {
  const found: Run[] = [];
  for (const { from, to } of all.filter(belongs)) {
    const last = found.at(-1);
    if (last?.to === from) found[found.length - 1] = { from: last.from, to, ms: to - last.from };
    else found.push({ from, to, ms: to - from });
  }
  return found;
}

function timesOf(found: readonly Run[], say: (times: number, ms: number, at: string) => string): string[] {
  const [first] = found;
  return first ? [say(found.length, total(found), time(first.from))] : [];
}

const total = (found: readonly Run[]): number => found.reduce((sum, { ms }) => sum + ms, 0);
