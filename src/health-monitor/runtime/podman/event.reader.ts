import type { Health } from '../../../common/events/index.js';
import { type EngineEvent, type EngineEventAction } from '../container.js';
import { type Answer } from '../engine-api/answer.js';

const ACTIONS: Readonly<Record<string, EngineEventAction>> = {
  create: 'created',
  start: 'started',
  died: 'died',
  cleanup: 'cleaned-up',
  stop: 'stopped',
  kill: 'killed',
  restart: 'restarted',
  remove: 'removed',
  rename: 'renamed',
  health_status: 'health-checked',
  pause: 'paused',
  unpause: 'unpaused',
};

/** Reads a line of the API's event stream; `null`: nothing that we have a word for. */
export function readApiEvent(line: Answer): EngineEvent | null {
  const action = actionOf(line, 'Action');
  if (!action) return null;
  const actor = line.at('Actor');
  const attributes = actor.at('Attributes');
  return {
    action,
    id: actor.at('ID').string(),
    name: attributes.at('name').string(),
    at: line.at('timeNano').number() / 1e6,
    // Podman 4 writes "0" on every event: it means something on `died` only.
    exitCode:
      action === 'died' ? Number(attributes.at('containerExitCode').or('0', (code) => code.string())) : null,
    health: healthIn(action, line.at('HealthStatus')),
  };
}

/** Reads a line of `podman events --format json`; `null`: nothing that we have a word for. */
export function readCommandEvent(line: Answer): EngineEvent | null {
  const action = actionOf(line, 'Status');
  if (!action) return null;
  return {
    action,
    id: line.at('ID').string(),
    name: line.at('Name').string(),
    at: line.at('timeNano').isAbsent ? (line.at('Time').time() ?? 0) : line.at('timeNano').number() / 1e6,
    // The command line leaves out a code of 0.
    exitCode: action === 'died' ? line.at('ContainerExitCode').or(0, (code) => code.number()) : null,
    health: healthIn(action, line.at('health_status')),
  };
}

const HEALTHS: ReadonlySet<string> = new Set(['starting', 'healthy', 'unhealthy'] satisfies Health[]);

function healthIn(action: EngineEventAction, said: Answer): Health | null {
  if (action !== 'health-checked') return null;
  const health = said.or('', (word) => word.string());
  return HEALTHS.has(health) ? (health as Health) : null;
}

function actionOf(line: Answer, key: 'Action' | 'Status'): EngineEventAction | null {
  if (
    line
      .record()
      .at('Type')
      .or('', (type) => type.string()) !== 'container'
  )
    return null;
  const name = line.at(key).string();
  return Object.hasOwn(ACTIONS, name) ? (ACTIONS[name] ?? null) : null;
}
