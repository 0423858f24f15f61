import type { ContainerState } from '../../common/events/index.js';
import { leave, leaveUntilChanged, wait, type Decision } from './decision.js';
import { isIntentUnknown } from './intent-unknown.js';
import { SERVICE_AFTER_MS } from './learn/life.js';
import { isDown, isUnsettled, isUp } from './readiness.js';
import type { Container } from '../runtime/index.js';
import { isOfCompose } from './effective-rules.js';
import type { ContainerRecord } from './record.js';
import type { Situation } from './situation.js';
import { timeOfDay } from './words.js';

/** A passing state that outlives the stop timeout by so much does not pass by itself. */
const STUCK_AFTER_MS = 5 * 60_000;

export function notOurs({ container, rules, surroundings }: Situation): Decision | null {
  if (rules.ignore)
    return leaveUntilChanged(
      'ignored',
      `Ignored by ${rules.origin['ignore'] === 'label' ? 'its label' : 'the configuration'}.`,
    );
  if (surroundings.ourselves)
    return leaveUntilChanged('ourselves', 'The monitor itself runs in it; left to its own engine.');
  if (container.labels['PODMAN_SYSTEMD_UNIT'] !== undefined)
    return leaveUntilChanged('systemd-restarts-it', 'systemd restarts this one.');
  if (rules.backend)
    return leaveUntilChanged(
      'backend-not-watched',
      'Only apps are watched, and this one serves another app.',
    );
  if (container.autoRemove)
    return leaveUntilChanged('vanishes-by-design', 'The engine removes it when it ends; never healed.');
  return null;
}

/** What runs once is shown, and nothing more: who ran it sees how it ended. */
export function runsOnce(situation: Situation): Decision | null {
  const { container, record, now } = situation;
  const why = whyJob(situation);
  if (why === null || isUnsettled(container)) return null;
  if (!isUp(container)) return leaveUntilChanged('job-ended', `It is a job, ${why}; left as it ended.`);
  const dueAt = (record.life.run?.since ?? now) + SERVICE_AFTER_MS;
  return situation.rules.job
    ? leaveUntilChanged('job', `It is a job, ${why}; not healed.`)
    : leave('job', `It is a job, ${why}; not healed.`, { dueAt });
}

/** `null`: it is none. */
function whyJob({ container, record, rules }: Situation): string | null {
  const origin = rules.origin['job'];
  if (!rules.job)
    return origin === 'default' && wasRunByHand(container, record) ? 'run by hand in the foreground' : null;
  if (origin === 'label') return 'by its label';
  return origin === 'config' ? 'by the configuration' : 'run once by Compose';
}

const wasRunByHand = (
  { ranInForeground, restartPolicy, labels }: Container,
  { life }: ContainerRecord,
): boolean =>
  ranInForeground === true &&
  restartPolicy === 'none' &&
  !life.lasted &&
  !Object.keys(labels).some(isOfCompose);

export function actUnderWay({ surroundings: { acting }, rules }: Situation): Decision | null {
  if (acting === null) return null;
  const { kind, until } = acting;
  const verb = { start: 'Starting', stop: 'Stopping', restart: 'Restarting' }[kind];
  if (until !== undefined)
    return wait(
      'acting',
      `Another process was ${verb.toLowerCase()} it; left alone until the engine shows how that ended, ` +
        `until ${timeOfDay(until, true)} at the latest.`,
      { dueAt: until },
    );
  return wait(
    'acting',
    acting.attempt === null
      ? `${verb} it now.`
      : `${verb} it now, attempt ${acting.attempt} of ${rules.maxAttempts}.`,
  );
}

export function onHold({
  record: {
    intent: { hold },
  },
  now,
}: Situation): Decision | null {
  if (hold === null || (hold.until !== null && hold.until <= now)) return null;
  if (isIntentUnknown({ hold })) return leave('intent-unknown', hold.reason);
  return hold.until === null
    ? leaveUntilChanged('held', `On hold until released: ${hold.reason}`)
    : wait('held', `On hold until ${timeOfDay(hold.until)}: ${hold.reason}`, { dueAt: hold.until });
}

const NEVER_STARTED: ReadonlySet<ContainerState> = new Set(['created', 'configured', 'initialized']);
const ON_ITS_WAY: ReadonlySet<ContainerState> = new Set(['restarting', 'stopping', 'removing']);

export function stateOfNoConcern(situation: Situation): Decision | null {
  const { container } = situation;
  const { state } = container;
  if (isUp(container) || isDown(container)) return null;
  if (NEVER_STARTED.has(state))
    return leaveUntilChanged('never-started', 'It was never started; left alone.');
  if (state === 'paused') return leaveUntilChanged('paused', 'Paused by hand; left alone.');
  return stuck(situation) ?? passing(situation);
}

function passing(situation: Situation): Decision {
  const { state } = situation.container;
  const dueAt = stuckAt(situation);
  return ON_ITS_WAY.has(state)
    ? wait('in-transition', `The engine is ${state} it; left alone meanwhile.`, { dueAt })
    : wait('unknown-state', `Its state "${state}" is not known here; left alone.`, { dueAt });
}

/** It should have passed to another state long ago: nothing that we could do helps, but a person must know. */
function stuck(situation: Situation): Decision | null {
  const { container, record, surroundings, now } = situation;
  if (surroundings.shuttingDown || now < stuckAt(situation)) return null;
  const { name, state } = container;
  const since = timeOfDay(record.life.unsettledSince ?? now);
  const reason =
    state === 'unknown'
      ? `It has been in a state that is not known here since ${since}. Look at it with "podman inspect ${name}".`
      : `The engine has been ${state} it since ${since}, and does not get it done. It needs you. ` +
        (state === 'removing'
          ? `Try "podman rm --force ${name}".`
          : `Try "podman kill ${name}"; if that does not help, create it anew or restart the host.`);
  return leave('stuck', reason);
}

/** The longest stop that it is allowed, and then some: milliseconds since 1970. */
function stuckAt({ container, record, rules, now }: Situation): number {
  const stopTimeoutMs = Math.max(rules.stopTimeoutMs, container.stopTimeoutMs);
  return (record.life.unsettledSince ?? now) + stopTimeoutMs + STUCK_AFTER_MS;
}
