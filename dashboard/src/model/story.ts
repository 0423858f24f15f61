import type { HealthEvent, HealthEventType, Incident } from '../client.js';
import * as copy from '../words/copy/index.js';
import { exactTime, list } from '../words/format.js';
import { shown } from '../words/safe-text.js';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'rest' | 'held' | 'quiet';
export type Mark =
  | 'healthy'
  | 'restarting'
  | 'unhealthy'
  | 'down'
  | 'given-up'
  | 'waiting'
  | 'stopped'
  | 'held'
  | 'leak'
  | 'notification';

/** One line of a story. */
export interface StoryLine {
  readonly key: string;
  readonly at: number;
  readonly mark: Mark;
  readonly tone: Tone;
  /** Who it is about; empty for the engine, and for messages. */
  readonly names: readonly string[];
  readonly text: string;
  /** Another line is so near that a time without seconds would not tell them apart. */
  readonly close: boolean;
}

const MARKS: Partial<Record<HealthEventType, readonly [Mark, Tone]>> = {
  'container.exited': ['down', 'bad'],
  'container.started': ['restarting', 'busy'],
  'container.restarted': ['restarting', 'busy'],
  'container.restart_failed': ['down', 'bad'],
  'container.recovered': ['healthy', 'good'],
  'container.given_up': ['given-up', 'bad'],
  'container.rearmed': ['restarting', 'busy'],
  'container.unhealthy': ['unhealthy', 'warn'],
  'container.flapping': ['unhealthy', 'warn'],
  'container.stuck': ['down', 'bad'],
  'container.crash_loop': ['down', 'bad'],
  'container.waiting': ['waiting', 'rest'],
  'container.stopped': ['stopped', 'rest'],
  'container.held': ['held', 'held'],
  'container.released': ['held', 'held'],
  'container.removed': ['stopped', 'rest'],
  'memory.leak': ['leak', 'warn'],
  'memory.leak_urgent': ['leak', 'bad'],
  'memory.leak_cleared': ['healthy', 'good'],
  'external.down': ['down', 'bad'],
  'external.up': ['healthy', 'good'],
  'engine.unreachable': ['unhealthy', 'bad'],
  'engine.reachable': ['healthy', 'good'],
};

/** By which name people know who is waited for: of an external, that is not its id. */
type Called = (blocker: string) => string;
const asIs: Called = (blocker) => blocker;

/** What happened, for a person: changes of state, waiting containers folded into one line, messages small. */
export function story(
  timeline: readonly HealthEvent[],
  said?: string,
  called: Called = asIs,
): readonly StoryLine[] {
  const lines: StoryLine[] = [];
  for (const event of timeline) {
    const line = lineOf(event, called, said);
    const last = lines.at(-1);
    if (!line) continue;
    if (line.mark === 'waiting' && last?.mark === 'waiting' && last.text === line.text) {
      lines[lines.length - 1] = { ...last, names: [...new Set([...last.names, ...line.names])] };
    } else {
      lines.push(line);
    }
  }
  return lines.map((line, index) => ({
    ...line,
    text: line.mark === 'waiting' ? waiting(line) : line.text,
    close: [lines[index - 1], lines[index + 1]].some((other) => other && isClose(line, other)),
  }));
}

function lineOf(event: HealthEvent, called: Called, said?: string): StoryLine | null {
  const base = { key: String(event.seq), at: Date.parse(event.at), close: false };
  if (event.type === 'notification.created') {
    const { title } = event.data.notification;
    return { ...base, mark: 'notification', tone: 'quiet', names: [], text: shown(title, 200) };
  }
  const known = MARKS[event.type];
  if (!known) return null;
  const [mark, tone] = known;
  const { reason, blockedBy } = event.data as { reason?: string; blockedBy?: readonly string[] };
  const text =
    mark === 'waiting'
      ? list((blockedBy ?? []).map((name) => shown(called(name))))
      : mark === 'leak' && reason === said
        ? copy.incident.leakFound
        : shown(reason ?? event.type, 400);
  return { ...base, mark, tone, names: event.container === undefined ? [] : [event.container], text };
}

const CLOSE_MS = 120_000;
const isClose = (one: StoryLine, other: StoryLine): boolean => Math.abs(one.at - other.at) < CLOSE_MS;

function waiting({ names, text }: StoryLine): string {
  return names.length > 1 ? copy.incident.waitingFor(text) : copy.incident.waitsFor(text);
}

/** The story to be pasted into a message. */
export function storyText(title: string, incident: Incident, called: Called = asIs): string {
  const lines = story(incident.timeline, incident.cause.reason, called).map(({ at, names, text }) =>
    [exactTime(at), list(names.map((name) => shown(name))), text].filter((part) => part !== '').join('  '),
  );
  const { cause, failedAttempt } = incident;
  const reasons = [cause.reason, ...(failedAttempt ? [failedAttempt.reason] : [])];
  return [title, ...reasons.map((reason) => shown(reason, 400)), '', ...lines].join('\n');
}
