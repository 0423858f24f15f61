import { signal } from '@preact/signals';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { ApiError, call } from './api.js';
import { lost, onEvents, onlyReads, outage } from './monitor.js';

export type ActionName = 'start' | 'retry' | 'restart' | 'stop' | 'hold' | 'release';

export interface RunningAction {
  readonly action: string;
  readonly startedAt: number;
  /** In the server's words, once it failed. */
  readonly error: string | null;
}

/** How long after the server's answer the event with the result may take, milliseconds. */
const EVENT_WITHIN_MS = 4_000;

/** What is being done, or failed, by subject. One thing a subject at a time. */
const running = signal<ReadonlyMap<string, RunningAction>>(new Map());

/** What has to be so for something to be done. */
export interface Needs {
  /** Whether the engine of this host has a part in it. */
  readonly needsEngine: boolean;
  /** Whether it changes nothing, or is done all the same by a server that only reads. Default: neither. */
  readonly worksReadOnly?: boolean;
}

/** Why something cannot be done right now, or `null`. What is no business of the engine works while that is silent. */
export function whyOff({ needsEngine, worksReadOnly = false }: Needs): string | null {
  if (lost.value) return copy.lost.actions;
  if (!worksReadOnly && onlyReads.value !== null) return shown(onlyReads.value.reason, 300);
  return needsEngine && outage.value ? copy.outage.actions : null;
}

export function actionOn(subject: string): RunningAction | undefined {
  return running.value.get(subject);
}

function set(subject: string, action: RunningAction | null): void {
  const next = new Map(running.peek());
  if (action) next.set(subject, action);
  else next.delete(subject);
  running.value = next;
}

/**
 * Does something about `subject`, shown as running from the press to the result. Nothing is claimed: what came of
 * it is shown by the server's events.
 */
export async function perform(
  subject: string,
  action: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const current = running.peek().get(subject);
  if (current && current.error === null) return false;
  set(subject, { action, startedAt: Date.now(), error: null });
  try {
    await work();
    set(subject, null);
    return true;
  } catch (error) {
    const said = error instanceof ApiError ? error.message : String(error);
    set(subject, { action, startedAt: Date.now(), error: said });
    return false;
  }
}

export function forgetError(subject: string): void {
  if (running.peek().get(subject)?.error != null) set(subject, null);
}

/** Acts on a container; done once an event about it came, too, or had time enough to come. */
export function act(name: string, action: ActionName, body?: unknown): Promise<boolean> {
  return perform(containerSubject(name), action, async () => {
    let onChange: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => (onChange = resolve));
    const stop = onEvents((events) => {
      if (events.some(({ container }) => container === name)) onChange();
    });
    try {
      await call('POST', `containers/${encodeURIComponent(name)}/${action}`, body);
      setTimeout(onChange, EVENT_WITHIN_MS);
      await changed;
    } finally {
      stop();
    }
  });
}

export const containerSubject = (name: string): string => `container ${name}`;
