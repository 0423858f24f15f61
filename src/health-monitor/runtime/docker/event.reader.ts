import type { Health } from '../../../common/events/index.js';
import { type EngineEventAction } from '../container.js';
import { type Answer } from '../engine-api/answer.js';

/**
 * What Docker is asked to tell: each health check, too, would be three events of commands. Its `restart` comes last of a
 * restart, after `start`, and says nothing more.
 */
export const EVENTS_ASKED_FOR = [
  'create',
  'start',
  'die',
  'stop',
  'kill',
  'oom',
  'destroy',
  'rename',
  'pause',
  'unpause',
  'health_status',
] as const;

/** One event in Docker's words. */
export interface DockerEvent {
  /** `null`: what no word of ours is for, such as `oom`. */
  readonly action: EngineEventAction | null;
  readonly isOom: boolean;
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly exitCode: number | null;
  readonly health: Health | null;
  /** Of `kill` only. */
  readonly signal: number | null;
}

const ACTIONS: Readonly<Record<string, EngineEventAction>> = {
  create: 'created',
  start: 'started',
  die: 'died',
  stop: 'stopped',
  kill: 'killed',
  destroy: 'removed',
  rename: 'renamed',
  health_status: 'health-checked',
  pause: 'paused',
  unpause: 'unpaused',
};

const HEALTHS: readonly Health[] = ['starting', 'healthy', 'unhealthy'];

/** Reads a line of the event stream; `null`: nothing about a container. */
export function readEvent(line: Answer): DockerEvent | null {
  if (line.record().at('Type').text !== 'container') return null;
  // `health_status: healthy`
  const [word = '', detail = ''] = line.at('Action').string().split(': ');
  const actor = line.at('Actor');
  const attributes = actor.at('Attributes');
  return {
    action: Object.hasOwn(ACTIONS, word) ? (ACTIONS[word] ?? null) : null,
    isOom: word === 'oom',
    id: actor.at('ID').string(),
    name: attributes.at('name').string(),
    at: line.at('timeNano').number() / 1e6,
    exitCode: word === 'die' ? Number(attributes.at('exitCode').or('0', (code) => code.string())) : null,
    health: word === 'health_status' ? (HEALTHS.find((health) => health === detail) ?? null) : null,
    signal: word === 'kill' ? numberIn(attributes.at('signal')) : null,
  };
}

function numberIn(signal: Answer): number | null {
  const text = signal.text ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
