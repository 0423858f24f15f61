import type { ProbedHealth } from '../runtime/index.js';
import { describe, expect, it } from 'vitest';
import {
  aChecked,
  aCheck,
  aContainer,
  ago,
  anAttempt,
  aRun,
  anExited,
  DAY,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
  situation,
  type SituationChanges,
} from '../../../test/support/situation.js';
import type { MadeDecision } from './record.js';
import { holdForUnknownIntent } from './intent-unknown.js';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { DECISIONS, type DecisionCode } from './decision-catalogue.js';

/** [what is so, the situation, action and code, the sentence, when to decide again] */
type Row = readonly [string, SituationChanges, `${Decision['action']} ${DecisionCode}`, string, number?];

const three = [anAttempt(ago(43 * SECOND)), anAttempt(ago(33 * SECOND)), anAttempt(ago(3 * SECOND))];
const refused = anAttempt(ago(SECOND), { outcome: 'refused', detail: 'no such file' });
const wished = (by: 'first-sight' | 'engine' | 'person', who: string | null = null) => ({
  wish: { value: 'stopped', by, who, at: NOON } as const,
});
/** Decided so, nothing but a change can alter it. */
const UNTIL_CHANGED: ReadonlySet<DecisionCode> = new Set([
  'ignored',
  'backend-not-watched',
  'ourselves',
  'vanishes-by-design',
  'job',
  'job-ended',
  'systemd-restarts-it',
  'held',
  'never-started',
  'paused',
  'stopped-by-person',
  'revived-by-engine',
  'stopped-at-first-sight',
  'finished',
  'asked-to-stop',
  'healthy',
  'unhealthy-ignored',
] satisfies DecisionCode[]);
/** Only a policy of a host's own decides so. */
const BY_HOSTS: ReadonlySet<string> = new Set(['left-by-policy'] satisfies DecisionCode[]);
const made = (code: DecisionCode): MadeDecision => ({
  action: 'wait',
  code,
  reason: '',
  dueAt: null,
  blockedBy: [],
  at: ago(SECOND),
});
const always = (changes = {}) => anExited({ restartPolicy: 'always', ...changes });
const onFailure = (changes = {}) => anExited({ restartPolicy: 'on-failure', ...changes });
const unhealthySince = (ms: number, record = {}): SituationChanges => ({
  container: aChecked('unhealthy'),
  record: { unhealthySince: ago(ms), readySince: null, ...record },
});
const notYet = (changes: Partial<ProbedHealth> = {}): ProbedHealth => ({
  health: 'not-yet',
  sentence: 'Syncing.',
  share: null,
  leftMs: null,
  since: ago(HOUR),
  patienceUntil: NOON + 10 * MINUTE,
  needsPerson: false,
  ...changes,
});
const db = { name: 'db', what: 'is down' };
const failure = { options: { restart: { on: 'failure' } } } as const;
const anyExit = { options: { restart: { on: 'any-exit' } } } as const;
const notify = { options: { restart: { unhealthy: 'notify' } } } as const;
const givenUp = { at: ago(3 * SECOND), reason: 'died' } as const;
const events = { stoppedBy: 'pending', pendingUntil: NOON + SECOND } as const;
const unknown = { stoppedBy: 'unknown' } as const;

const NOT_OURS: readonly Row[] = [
  [
    'the configuration ignores it',
    { death: {}, options: { containers: { app: { ignore: true } } } },
    'leave ignored',
    'Ignored by the configuration.',
  ],
  [
    'its label says to ignore it',
    { container: anExited({ labels: { 'health-monitor.ignore': 'true' } }) },
    'leave ignored',
    'Ignored by its label.',
  ],
  [
    'a one-off of Compose has failed',
    { container: anExited({ exitCode: 1, labels: { 'com.docker.compose.oneoff': 'True' } }) },
    'leave job-ended',
    'It is a job, run once by Compose; left as it ended.',
  ],
  [
    'a one-off of Compose is unhealthy',
    { container: aChecked('unhealthy', { labels: { 'com.docker.compose.oneoff': 'True' } }) },
    'leave job',
    'It is a job, run once by Compose; not healed.',
  ],
  [
    'its label says that it is a job',
    { container: anExited({ exitCode: 1, labels: { 'health-monitor.job': 'true' } }) },
    'leave job-ended',
    'It is a job, by its label; left as it ended.',
  ],
  [
    'the configuration says that a one-off of Compose is none',
    {
      death: {},
      container: anExited({ exitCode: 1, labels: { 'com.docker.compose.oneoff': 'True' } }),
      options: { containers: { app: { job: false } } },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'we run in it',
    { death: {}, around: { ourselves: true } },
    'leave ourselves',
    'The monitor itself runs in it; left to its own engine.',
  ],
  [
    'systemd owns it',
    { container: anExited({ labels: { PODMAN_SYSTEMD_UNIT: 'app.service' } }) },
    'leave systemd-restarts-it',
    'systemd restarts this one.',
  ],
  [
    'it serves another app, and only apps are watched',
    { death: {}, rules: { backend: true } },
    'leave backend-not-watched',
    'Only apps are watched, and this one serves another app.',
  ],
  [
    '--rm: it is down',
    { container: anExited({ autoRemove: true }) },
    'leave vanishes-by-design',
    'The engine removes it when it ends; never healed.',
  ],
  [
    '--rm: it is unhealthy, and a restart would remove it',
    {
      container: aChecked('unhealthy', { autoRemove: true }),
      record: { unhealthySince: ago(HOUR) },
    },
    'leave vanishes-by-design',
    'The engine removes it when it ends; never healed.',
  ],
];

const HANDS_OFF: readonly Row[] = [
  [
    'we are starting it',
    { death: {}, around: { acting: { kind: 'start', attempt: 2 } } },
    'wait acting',
    'Starting it now, attempt 2 of 3.',
  ],
  [
    'another process was starting it',
    { death: {}, around: { acting: { kind: 'start', attempt: 2, until: NOON + MINUTE } } },
    'wait acting',
    'Another process was starting it; left alone until the engine shows how that ended, until 12:01:00 at the latest.',
    NOON + MINUTE,
  ],
  [
    'a person stops it through us',
    { around: { acting: { kind: 'stop', attempt: null } } },
    'wait acting',
    'Stopping it now.',
  ],
  [
    'on hold until released',
    { death: {}, record: { hold: { reason: 'backup', by: 'ann', since: NOON, until: null } } },
    'leave held',
    'On hold until released: backup',
  ],
  [
    'on hold since nobody knows what is wished',
    { death: {}, record: { hold: holdForUnknownIntent(null, NOON) } },
    'leave intent-unknown',
    holdForUnknownIntent(null, NOON).reason,
  ],
  [
    'on hold for a time',
    { death: {}, record: { hold: { reason: 'update', by: 'ann', since: NOON, until: NOON + HOUR } } },
    'wait held',
    'On hold until 13:00: update',
    NOON + HOUR,
  ],
  [
    'its hold is over',
    { death: {}, record: { hold: { reason: 'update', by: 'ann', since: ago(HOUR), until: NOON } } },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'created, never started',
    { container: aContainer({ state: 'created', startedAt: null }) },
    'leave never-started',
    'It was never started; left alone.',
  ],
  [
    'initialized, not started',
    { container: aContainer({ state: 'initialized', startedAt: null }) },
    'leave never-started',
    'It was never started; left alone.',
  ],
  [
    'configured',
    { container: aContainer({ state: 'configured', startedAt: null }) },
    'leave never-started',
    'It was never started; left alone.',
  ],
  ['paused', { container: aContainer({ state: 'paused' }) }, 'leave paused', 'Paused by hand; left alone.'],
  [
    'stopping',
    { container: aContainer({ state: 'stopping' }) },
    'wait in-transition',
    'The engine is stopping it; left alone meanwhile.',
    NOON + 5 * MINUTE + 10 * SECOND,
  ],
  [
    'stopping, with a long stop timeout: it is given that, too',
    {
      container: aContainer({ state: 'stopping', stopTimeoutMs: 10 * MINUTE }),
      record: { unsettledSince: ago(14 * MINUTE) },
    },
    'wait in-transition',
    'The engine is stopping it; left alone meanwhile.',
    NOON + MINUTE,
  ],
  [
    'stopping for longer than its stop timeout and 5 minutes',
    { container: aContainer({ state: 'stopping' }), record: { unsettledSince: ago(310 * SECOND) } },
    'leave stuck',
    'The engine has been stopping it since 11:54, and does not get it done. It needs you. Try "podman kill app"; if that does not help, create it anew or restart the host.',
  ],
  [
    'stopping for long, while the host goes down',
    {
      container: aContainer({ state: 'stopping' }),
      record: { unsettledSince: ago(310 * SECOND) },
      around: { shuttingDown: true },
    },
    'wait in-transition',
    'The engine is stopping it; left alone meanwhile.',
    NOON,
  ],
  [
    'stopping for long, on hold',
    {
      container: aContainer({ state: 'stopping' }),
      record: { unsettledSince: ago(HOUR), hold: { reason: 'backup', by: 'ann', since: NOON, until: null } },
    },
    'leave held',
    'On hold until released: backup',
  ],
  [
    'removing',
    { container: aContainer({ state: 'removing' }), record: { unsettledSince: ago(MINUTE) } },
    'wait in-transition',
    'The engine is removing it; left alone meanwhile.',
    NOON + 4 * MINUTE + 10 * SECOND,
  ],
  [
    'removing for too long: the engine was killed in the middle of it',
    { container: aContainer({ state: 'removing' }), record: { unsettledSince: ago(HOUR) } },
    'leave stuck',
    'The engine has been removing it since 11:00, and does not get it done. It needs you. Try "podman rm --force app".',
  ],
  [
    'restarting',
    { container: aContainer({ state: 'restarting' }) },
    'wait in-transition',
    'The engine is restarting it; left alone meanwhile.',
    NOON + 5 * MINUTE + 10 * SECOND,
  ],
  [
    'in a state nobody knows yet',
    { container: aContainer({ state: 'unknown' }) },
    'wait unknown-state',
    'Its state "unknown" is not known here; left alone.',
    NOON + 5 * MINUTE + 10 * SECOND,
  ],
  [
    'in a state nobody knows yet, for long',
    { container: aContainer({ state: 'unknown' }), record: { unsettledSince: ago(HOUR) } },
    'leave stuck',
    'It has been in a state that is not known here since 11:00. Look at it with "podman inspect app".',
  ],
];

const WISHED_STOPPED: readonly Row[] = [
  [
    'stopped by hand at the engine',
    { death: {}, record: wished('engine') },
    'leave stopped-by-person',
    'Stopped by hand at 12:00; left off.',
  ],
  [
    'stopped through us',
    { death: {}, record: wished('person', 'ann') },
    'leave stopped-by-person',
    'Stopped by ann at 12:00; left off.',
  ],
  [
    'off when first seen',
    { death: {}, record: wished('first-sight') },
    'leave stopped-at-first-sight',
    'It was off when the monitor first saw it; left off.',
  ],
];

const EXITS: readonly Row[] = [
  [
    'it crashed, and nobody did it',
    { death: {} },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'it was killed for want of memory',
    { death: { exitCode: 137, oomKilled: true } },
    'start start',
    'Stopped with code 137 (out of memory). Starting it now, attempt 1 of 3.',
  ],
  [
    'a host reboot before Podman 5.0: created, with a start time',
    { container: aContainer({ state: 'created', pid: null }), death: { withHost: true } },
    'start start',
    'It went down with the host. Starting it now, attempt 1 of 3.',
  ],
  [
    'its conmon was killed: the engine takes it to be running, and starts it only after a stop',
    { container: aContainer({ processVanished: true }), death: { exitCode: 137 } },
    'restart start',
    'Stopped with code 137 (SIGKILL). Starting it now, attempt 1 of 3.',
  ],
  [
    'exit 0 under auto',
    { death: { exitCode: 0 } },
    'leave finished',
    'Ended by itself with code 0. Its work is done; left off.',
  ],
  [
    'exit 0 under failure',
    { ...failure, death: { exitCode: 0 } },
    'leave finished',
    'Ended by itself with code 0. Its work is done; left off.',
  ],
  [
    'exit 0 under any-exit',
    { ...anyExit, death: { exitCode: 0 } },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'exit 0, and since then a person asked for it',
    {
      death: { exitCode: 0, at: ago(MINUTE) },
      record: { wish: { value: 'running', by: 'person', who: 'ann', at: NOON } },
    },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'stopped by a person during a hold that is over',
    { death: { exitCode: 0, stoppedBy: 'person' } },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    "exit 0 by the engine's own action on a failing health check",
    { death: { exitCode: 0, endedBy: 'health-action' } },
    'start start',
    'Its health check failed, and the engine ended it. Starting it now, attempt 1 of 3.',
  ],
  [
    'exit 0 in a restart at the engine, which has its time',
    { death: { at: ago(SECOND), exitCode: 0, endedBy: 'restart' } },
    'wait engine-goes-first',
    'The engine restarts it and goes first, until 12:00:09.',
    NOON + 9 * SECOND,
  ],
  [
    'exit 0 in a restart at the engine that failed half-way',
    { death: { at: ago(10 * SECOND), exitCode: 0, endedBy: 'restart' } },
    'start start',
    'A restart stopped it, and it is not up again. Starting it now, attempt 1 of 3.',
  ],
  [
    'exit 0 in a restart through us that failed half-way',
    { death: { exitCode: 0, endedBy: 'us' } },
    'start start',
    'A restart stopped it, and it is not up again. Starting it now, attempt 1 of 3.',
  ],
  [
    '143 where the engine tells: nobody did it',
    { death: { exitCode: 143 } },
    'start start',
    'Stopped with code 143 (SIGTERM). Starting it now, attempt 1 of 3.',
  ],
  [
    '143 where nobody can tell',
    { death: { exitCode: 143, ...unknown } },
    'leave asked-to-stop',
    'Stopped with code 143 (SIGTERM): it was asked to stop. Left off.',
  ],
  [
    '143 under failure, whoever did it',
    { ...failure, death: { exitCode: 143 } },
    'leave asked-to-stop',
    'Stopped with code 143 (SIGTERM): it was asked to stop. Left off.',
  ],
  [
    'a bare 137 where nobody can tell',
    { death: { exitCode: 137, ...unknown } },
    'wait awaiting-full-check',
    'Killed, and the engine cannot tell whether a person did it. If it is still down at the next full check, it counts as crashed.',
  ],
  [
    'a bare 137, still so at the next full check',
    { death: { exitCode: 137, ...unknown, confirmed: true } },
    'start start',
    'Stopped with code 137 (SIGKILL). Starting it now, attempt 1 of 3.',
  ],
  [
    'an exit that a stop could have caused, where only events tell',
    { death: events },
    'wait judging-exit',
    'Stopped with code 1. Waiting a moment to see whether a person did it.',
    NOON + SECOND,
  ],
  [
    'exit 0 where only events tell: it may have been a stop',
    { death: { exitCode: 0, ...events } },
    'wait judging-exit',
    'Stopped with code 0. Waiting a moment to see whether a person did it.',
    NOON + SECOND,
  ],
  [
    'even under any-exit a person may have done it',
    { ...anyExit, death: events },
    'wait judging-exit',
    'Stopped with code 1. Waiting a moment to see whether a person did it.',
    NOON + SECOND,
  ],
];

const ATTEMPTS: readonly Row[] = [
  [
    'the second attempt follows 10 s after the first',
    { death: { at: ago(SECOND) }, record: { attempts: [anAttempt(ago(3 * SECOND))] } },
    'wait backing-off',
    'Attempt 1 did not last; attempt 2 follows at 12:00:07.',
    NOON + 7 * SECOND,
  ],
  [
    'the third follows 30 s after the second',
    {
      death: { at: ago(SECOND) },
      record: { attempts: [anAttempt(ago(13 * SECOND)), anAttempt(ago(3 * SECOND))] },
    },
    'wait backing-off',
    'Attempt 2 did not last; attempt 3 follows at 12:00:27.',
    NOON + 27 * SECOND,
  ],
  [
    'a death long after the attempt is healed at once',
    { death: {}, record: { attempts: [anAttempt(ago(5 * MINUTE))] } },
    'start start',
    'Stopped with code 1. Starting it now, attempt 2 of 3.',
  ],
  [
    'the engine refused the first attempt',
    { death: { at: ago(HOUR) }, record: { attempts: [refused] } },
    'wait backing-off',
    'Attempt 1 was refused; attempt 2 follows at 12:00:09.',
    NOON + 9 * SECOND,
  ],
  [
    'the engine did not answer the first attempt in time',
    {
      death: { at: ago(HOUR) },
      record: { attempts: [anAttempt(ago(SECOND), { outcome: 'timed-out' })] },
    },
    'wait backing-off',
    'Attempt 1 was not answered in time; attempt 2 follows at 12:00:09.',
    NOON + 9 * SECOND,
  ],
  [
    'it died after the last attempt',
    { death: {}, record: { attempts: three } },
    'give-up give-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:59.',
    NOON + HOUR - 3 * SECOND,
  ],
  [
    'the last start was refused',
    { death: { at: ago(HOUR) }, record: { attempts: [...three.slice(0, 2), refused] } },
    'give-up give-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:59.',
    NOON + HOUR - SECOND,
  ],
  [
    'nobody knows yet how the last attempt ended',
    {
      death: { at: ago(HOUR) },
      record: { attempts: [...three.slice(0, 2), anAttempt(ago(3 * SECOND), { outcome: 'timed-out' })] },
    },
    'wait awaiting-outcome',
    'Attempt 3 of 3 was made; waiting to see how it ends.',
    NOON + 87 * SECOND,
  ],
  [
    'the last attempt has had its 90 s, and it is still not up',
    {
      death: { at: ago(HOUR) },
      record: {
        attempts: [
          ...three.slice(0, 2).map(({ at }) => anAttempt(at - 100 * SECOND)),
          anAttempt(ago(90 * SECOND), { outcome: 'timed-out' }),
        ],
      },
    },
    'give-up give-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:58.',
    NOON + HOUR - 90 * SECOND,
  ],
  [
    'up again, and still not healthy 90 s after the last attempt',
    {
      container: aChecked('starting', { startedAt: ago(90 * SECOND) }),
      record: { attempts: [anAttempt(ago(90 * SECOND))], lastReadyAt: ago(HOUR) },
      rules: { maxAttempts: 1, backoffMs: [90 * SECOND] },
    },
    'give-up give-up',
    '1 of 1 attempts failed. It runs, but is not healthy. It may need you. Next try at 12:58.',
    NOON + HOUR - 90 * SECOND,
  ],
  [
    'a check with a long start period has that long',
    {
      container: aChecked('starting', {
        startedAt: ago(90 * SECOND),
        healthCheck: aCheck({ startPeriodMs: 10 * MINUTE, lastRunAt: null }),
      }),
      record: { attempts: [anAttempt(ago(90 * SECOND))], lastReadyAt: ago(HOUR) },
      rules: { maxAttempts: 1, backoffMs: [90 * SECOND] },
    },
    'leave starting',
    'Starting: its health check has not passed yet.',
  ],
  [
    'no giving up on health for one whose health is ignored',
    {
      container: aChecked('unhealthy'),
      record: { attempts: three, lastReadyAt: ago(HOUR), unhealthySince: ago(5 * MINUTE) },
      rules: { unhealthy: 'ignore', backoffMs: [SECOND] },
    },
    'leave unhealthy-ignored',
    'Unhealthy; set to be left alone.',
  ],
  [
    'given up, until an hour after the last attempt',
    { death: {}, record: { attempts: three, givenUp } },
    'wait given-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:59.',
    NOON + HOUR - 3 * SECOND,
  ],
  [
    'an hour has passed since the last attempt',
    { death: {}, record: { attempts: [anAttempt(ago(HOUR))], givenUp } },
    'rearm rearm',
    'Trying again, 1 hour after the last attempt.',
  ],
  [
    'its dependency came back after it was given up',
    {
      death: {},
      record: { attempts: three, givenUp },
      around: { dependencyBack: 'db', dependencyBackAt: NOON },
    },
    'rearm rearm',
    'db is back; trying again.',
  ],
  [
    'its dependency came back a second time in one problem',
    {
      death: {},
      record: { attempts: three, givenUp, rearmedByDependency: true },
      around: { dependencyBack: 'db', dependencyBackAt: NOON },
    },
    'wait given-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:59.',
    NOON + HOUR - 3 * SECOND,
  ],
  [
    'its dependency was back before it was given up',
    {
      death: {},
      record: { attempts: three, givenUp },
      around: { dependencyBack: 'db', dependencyBackAt: ago(MINUTE) },
    },
    'wait given-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:59.',
    NOON + HOUR - 3 * SECOND,
  ],
];

const REFUSED = { count: 3, words: 'no space left on device', testAt: NOON + SECOND, isNext: true };

const REFUSED_WITH_OTHERS: readonly Row[] = [
  [
    'refused with others, and not its turn',
    { death: {}, around: { refusedStarts: { ...REFUSED, isNext: false } } },
    'wait refused-with-others',
    '3 containers cannot be started: no space left on device. It follows when one of them starts.',
  ],
  [
    'refused with others, its turn, and not yet time',
    { death: {}, around: { refusedStarts: REFUSED } },
    'wait refused-with-others',
    '3 containers cannot be started: no space left on device. It is tried at 12:00:01.',
    NOON + SECOND,
  ],
  [
    'refused with others, its turn, and time',
    { death: {}, around: { refusedStarts: { ...REFUSED, testAt: NOON } } },
    'start test-start',
    '3 containers cannot be started: no space left on device. Trying with this one.',
  ],
];

const NO_SPACE = { mount: '/mnt/data', withheldFrom: NOON - MINUTE, isNext: true };

const LACKS_SPACE: readonly Row[] = [
  [
    'without space, and not its turn',
    { death: {}, around: { noSpace: { ...NO_SPACE, isNext: false } } },
    'wait no-space',
    'No space is left on /mnt/data. It follows when there is some, or when another one starts.',
  ],
  [
    'without space, its turn, and not yet time',
    { death: {}, around: { noSpace: NO_SPACE } },
    'wait no-space',
    'No space is left on /mnt/data. It is started when there is some, and tried at 12:09.',
    NOON + 9 * MINUTE,
  ],
  [
    'without space, its turn, and time',
    { death: {}, around: { noSpace: { ...NO_SPACE, withheldFrom: NOON - 10 * MINUTE } } },
    'start test-start',
    'No space is left on /mnt/data. Trying with this one.',
  ],
  [
    'without space, and a person has asked for it since',
    {
      death: {},
      record: { wish: { value: 'running', by: 'person', who: 'ann', at: NOON } },
      around: { noSpace: NO_SPACE },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'without space, and the monitor only observes',
    { death: {}, around: { mode: 'observe', noSpace: NO_SPACE } },
    'leave observing',
    'Would start it now; observing only.',
  ],
  [
    'without space, after as many attempts as there are',
    {
      death: {},
      record: { attempts: three },
      around: { noSpace: { ...NO_SPACE, isNext: false } },
    },
    'wait no-space',
    'No space is left on /mnt/data. It follows when there is some, or when another one starts.',
  ],
  [
    'unhealthy where there is no space',
    { ...unhealthySince(HOUR), around: { noSpace: NO_SPACE } },
    'wait no-space',
    'No space is left on /mnt/data. It is restarted when there is some: before that it might not start again.',
  ],
];

const infra = anExited({ isInfra: true, exitCode: 137 });
const left = { leftInPod: 'web' };
const GONE = { id: 'c0ffee'.padEnd(64, '0'), shares: ['network'] } as const;
const GONE_REQUIREMENT: readonly Row[] = [
  [
    'down, and what the engine starts it with is gone',
    { death: {}, around: { goneRequirement: GONE } },
    'leave requirement-gone',
    'It starts only with the container c0ffee000000, which is gone. It must be made anew.',
  ],
  [
    'down by choice, and what the engine starts it with is gone',
    { death: { stoppedBy: 'person' }, record: wished('engine'), around: { goneRequirement: GONE } },
    'leave stopped-by-person',
    'Stopped by hand at 12:00; left off.',
  ],
  [
    'up in the network of one that is gone',
    { container: aChecked('unhealthy'), around: { goneRequirement: GONE } },
    'leave cut-off',
    'A restart would end it for good: it runs in the network of the container c0ffee000000, which is gone. It must be made anew.',
  ],
  [
    'up, and required one that is gone for its start alone',
    { around: { goneRequirement: { ...GONE, shares: [] } } },
    'leave healthy',
    'Up. Nothing to do.',
  ],
  [
    'unhealthy for long, and would not come back from a restart',
    {
      container: aChecked('unhealthy'),
      record: { unhealthySince: ago(HOUR) },
      around: { goneRequirement: { ...GONE, shares: [] } },
    },
    'leave requirement-gone',
    'It starts only with the container c0ffee000000, which is gone. It must be made anew.',
  ],
];

const CUT_OFF_FOR_NOW: readonly Row[] = [
  [
    'up in the network of one that is down',
    { container: aChecked('healthy'), around: { cutOffFrom: { name: 'vpn', shares: ['network'] } } },
    'wait waiting-for-dependency',
    'Waits: it runs in the network of vpn, which is down.',
  ],
];

const POD: readonly Row[] = [
  [
    'infra of a pod, and nothing that should run was left in that',
    { container: infra, death: { exitCode: 137 } },
    'leave pod-at-rest',
    'Nothing that should run was left in it; the engine starts it with the first that does.',
  ],
  [
    'infra of a pod, killed under a member',
    { container: infra, death: { exitCode: 137 }, around: left },
    'start start',
    'Stopped with code 137 (SIGKILL). Starting it now, attempt 1 of 3.',
  ],
  [
    'infra of a pod, ended with 0 under a member: that is no work that is done',
    { container: infra, death: { exitCode: 0 }, around: left },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'infra of a pod, of which may still be told who ended it',
    { container: infra, death: { stoppedBy: 'pending', pendingUntil: NOON + SECOND }, around: left },
    'wait judging-exit',
    'Stopped with code 137 (SIGKILL). Waiting a moment to see whether a person did it.',
    NOON + SECOND,
  ],
  [
    'infra of a pod, and nobody knows who ended it',
    { container: infra, death: { stoppedBy: 'unknown' }, around: left },
    'wait awaiting-full-check',
    'It ended, and the engine cannot tell whether a person did it. If its pod still runs at the next full check, it counts as crashed.',
  ],
  [
    'infra of a pod, stopped by a person',
    { container: infra, death: { stoppedBy: 'person' }, record: wished('engine'), around: left },
    'leave stopped-by-person',
    'Stopped by hand at 12:00; left off.',
  ],
];

const UP: readonly Row[] = [
  ['up without a health check', {}, 'leave healthy', 'Up. Nothing to do.'],
  ['healthy', { container: aChecked('healthy') }, 'leave healthy', 'Healthy. Nothing to do.'],
  [
    'its health check does not run here',
    { container: aChecked('starting', { healthCheck: aCheck({ lastRunAt: null }) }) },
    'leave healthy',
    'Up. Its health check does not run on this host, so nothing more is known.',
  ],
  [
    'its health check has not passed yet',
    { container: aChecked('starting', { startedAt: ago(MINUTE) }) },
    'leave starting',
    'Starting: its health check has not passed yet.',
  ],
  [
    'stopped by a person, and started by the engine when it came up',
    {
      container: aContainer({ restartPolicy: 'always' }),
      record: { ...wished('engine'), run: { ...aRun(ago(MINUTE)), revived: true } },
    },
    'leave revived-by-engine',
    'It had been stopped, and the engine started it when it came up itself, as its restart policy says (always). With `unless-stopped` it would have stayed off.',
  ],
  [
    'started by the engine when it came up, as is wished',
    {
      container: aContainer({ restartPolicy: 'always' }),
      record: { run: { ...aRun(ago(MINUTE)), revived: true } },
    },
    'leave healthy',
    'Up. Nothing to do.',
  ],
  [
    'down with the engine itself',
    { death: { endedBy: 'engine', exitCode: 0, stoppedBy: 'nobody' } },
    'start start',
    'It went down with the engine. Starting it now, attempt 1 of 3.',
  ],
  [
    'up again for five minutes after an attempt',
    {
      record: {
        attempts: [anAttempt(ago(5 * MINUTE))],
        run: aRun(ago(5 * MINUTE)),
      },
    },
    'wait settling-in',
    'Up again after 1 attempt. Once up until 12:05, it counts as stable.',
    NOON + 5 * MINUTE,
  ],
  [
    'up for a minute in a crash loop',
    {
      record: {
        run: aRun(ago(MINUTE)),
        engineDeaths: [ago(5 * MINUTE), ago(3 * MINUTE), ago(2 * MINUTE), ago(MINUTE)],
        crashLoopSince: ago(MINUTE),
      },
    },
    'wait crash-looping',
    'Crashed 4 times since 11:55. Up since 11:59:00; once up until 12:09, it counts as stable.',
    NOON + 9 * MINUTE,
  ],
  [
    'up for three hours after it had crashed often',
    {
      record: {
        run: aRun(ago(3 * HOUR)),
        healedDeaths: [ago(6 * HOUR), ago(5 * HOUR), ago(4 * HOUR), ago(3 * HOUR)],
        crashLoopSince: ago(3 * HOUR),
      },
    },
    'leave crashed-often',
    'Up for 3 hours; crashed 4 times since 06:00; counts as over at 09:00 tomorrow if it crashes no more.',
    ago(3 * HOUR) + DAY,
  ],
  [
    'starting in a crash loop',
    {
      container: aChecked('starting', { startedAt: ago(SECOND) }),
      record: {
        run: aRun(ago(SECOND)),
        engineDeaths: [ago(4 * SECOND), ago(3 * SECOND), ago(2 * SECOND), ago(SECOND)],
        crashLoopSince: ago(SECOND),
      },
    },
    'wait crash-looping',
    'Crashed 4 times since 11:59. Up since 11:59:59; once up until 12:09, it counts as stable.',
    NOON + 10 * MINUTE - SECOND,
  ],
  [
    'healthy for a minute, and flapping',
    {
      container: aChecked('healthy'),
      record: { flappingSince: ago(20 * MINUTE), readySince: ago(MINUTE) },
    },
    'wait flapping',
    'Its health check fails again and again since 11:40. Once healthy without a break until 12:09, that counts as over.',
    NOON + 9 * MINUTE,
  ],
  [
    'not ready yet, by its own words',
    {
      container: aContainer({
        probed: notYet({ sentence: 'Verifying blocks…', share: 0.873, leftMs: 5 * HOUR }),
      }),
    },
    'leave not-yet',
    'Not ready yet: Verifying blocks… (87.3 %, about 5 hours left).',
    NOON + 10 * MINUTE,
  ],
  [
    'not ready, and no further for thirty minutes',
    { container: aContainer({ probed: notYet({ patienceUntil: NOON }) }) },
    'leave not-yet-for-long',
    'It gets no further: Syncing.',
  ],
  [
    'not ready before a person does something',
    {
      container: aContainer({
        probed: notYet({ patienceUntil: ago(MINUTE), needsPerson: true, sentence: 'Locked.' }),
      }),
    },
    'leave not-yet-for-long',
    'It needs you: Locked.',
  ],
  [
    'unhealthy by the engine’s check, and not ready yet by its probe',
    {
      container: { ...aChecked('unhealthy'), probed: notYet() },
      record: { unhealthySince: null, readySince: null },
    },
    'leave not-yet',
    'Not ready yet: Syncing.',
    NOON + 10 * MINUTE,
  ],
  [
    'unhealthy for 59 s',
    unhealthySince(59 * SECOND),
    'wait unhealthy-watching',
    'Unhealthy. If that lasts until 12:00:01, it is restarted.',
    NOON + SECOND,
  ],
  [
    'unhealthy for 59 s by its probe, which says why',
    {
      container: aContainer({ probed: { ...notYet(), health: 'failed', sentence: 'It answered 500.' } }),
      record: { unhealthySince: ago(59 * SECOND), readySince: null },
      ...notify,
    },
    'wait unhealthy-watching',
    'Unhealthy: It answered 500. If that lasts until 12:00:01, you are told.',
    NOON + SECOND,
  ],
  [
    'unhealthy for 60 s',
    unhealthySince(MINUTE),
    'restart restart-unhealthy',
    'Failed its health check for 1 minute. Restarting it now, attempt 1 of 3.',
  ],
  [
    'unhealthy, and told rather than restarted, by configuration',
    { ...unhealthySince(2 * MINUTE), ...notify },
    'leave unhealthy-told',
    'Its health check has failed since 11:58. Left alone because it is set to tell, not to restart.',
  ],
  [
    'unhealthy, and a restart could harm its data',
    {
      container: aChecked('unhealthy', { name: 'bitcoin-knots' }),
      record: { unhealthySince: ago(2 * MINUTE) },
      options: { preset: 'archipelago' },
    },
    'leave unhealthy-told',
    'Its health check has failed since 11:58. Left alone because a restart could harm its data.',
  ],
  [
    'unhealthy because what it needs is away: not told',
    { ...unhealthySince(2 * MINUTE), ...notify, around: { blockers: [db] } },
    'wait waiting-for-dependency',
    'Waits: db is down.',
  ],
  [
    'unhealthy, to be ignored',
    { ...unhealthySince(2 * MINUTE), rules: { unhealthy: 'ignore' } },
    'leave unhealthy-ignored',
    'Unhealthy; set to be left alone.',
  ],
  [
    'unhealthy again 5 s after a restart for that',
    unhealthySince(MINUTE, { attempts: [anAttempt(ago(5 * SECOND), { kind: 'restart' })] }),
    'wait backing-off',
    'Attempt 1 did not last; attempt 2 follows at 12:00:05.',
    NOON + 5 * SECOND,
  ],
  [
    'unhealthy after three restarts for that',
    unhealthySince(MINUTE, {
      attempts: [anAttempt(ago(9 * MINUTE)), anAttempt(ago(6 * MINUTE)), anAttempt(ago(3 * MINUTE))],
      lastReadyAt: ago(MINUTE),
    }),
    'give-up give-up',
    '3 of 3 attempts failed. It may need you. Next try at 12:57.',
    NOON + 57 * MINUTE,
  ],
  [
    'unhealthy and given up',
    unhealthySince(MINUTE, { attempts: [anAttempt(ago(3 * MINUTE))], givenUp }),
    'wait given-up',
    '1 of 3 attempts failed. It may need you. Next try at 12:57.',
    NOON + 57 * MINUTE,
  ],
  [
    'a dependency with restart: true began a new run',
    { around: { restartedDependency: { name: 'vpn', startedAt: 0, shares: [] } } },
    'restart restart-after-dependency',
    'vpn came back; restarting it, as its rules ask.',
  ],
  [
    'it runs in namespaces of a former run',
    { around: { restartedDependency: { name: 'vpn', startedAt: 0, shares: ['network', 'ipc'] } } },
    'restart restart-after-dependency',
    'It still runs in the network and ipc of the former run of vpn; restarting it.',
  ],
  [
    'it runs in namespaces of a former run, but is to be off',
    {
      record: wished('person', 'ann'),
      around: { restartedDependency: { name: 'vpn', startedAt: 0, shares: ['network'] } },
    },
    'leave healthy',
    'Up. Nothing to do.',
  ],
  [
    'it leaks, may be restarted for that, and it is time',
    { around: { leakRestartDue: true } },
    'restart restart-leaking',
    'It leaks memory, and this is its time for a restart. Restarting it now.',
  ],
  [
    'it leaks, but what it needs is away',
    { around: { leakRestartDue: true, blockers: [db] } },
    'wait waiting-for-dependency',
    'Waits: db is down.',
  ],
];

const OWNED_BY_ENGINE: readonly Row[] = [
  [
    'the engine goes first',
    { container: always(), death: { at: ago(SECOND) } },
    'wait engine-goes-first',
    'The engine has a restart policy for it and goes first, until 12:00:09.',
    NOON + 9 * SECOND,
  ],
  [
    'exit 0 under always is no end: the engine restarts it',
    { container: always({ exitCode: 0 }), death: { at: ago(SECOND) } },
    'wait engine-goes-first',
    'The engine has a restart policy for it and goes first, until 12:00:09.',
    NOON + 9 * SECOND,
  ],
  [
    'still down under always, and nobody stopped it: the engine cannot restart it',
    { container: always(), death: { at: ago(MINUTE) } },
    'give-up engine-gave-up',
    'Its restart policy (always) does not bring it back. It may need you.',
  ],
  [
    'still down under always though nobody stopped it, and that was written down',
    { container: always(), death: { at: ago(MINUTE) }, record: { givenUp } },
    'leave engine-gave-up',
    'Its restart policy (always) does not bring it back. It may need you.',
  ],
  [
    'still down under always, and its process vanished: the engine takes it to be running',
    {
      container: aContainer({ restartPolicy: 'always', processVanished: true }),
      death: { at: ago(MINUTE), exitCode: 137 },
    },
    'restart start',
    'Stopped with code 137 (SIGKILL). Starting it now, attempt 1 of 3.',
  ],
  [
    'under always with adoptStopped, off since before it was first seen',
    {
      container: always(),
      death: { at: ago(2 * DAY) },
      options: { restart: { adoptStopped: true } },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'stopped by a person under always, during a hold that is over',
    { container: always(), death: { exitCode: 0, stoppedBy: 'person' } },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'stopped by a person under on-failure, during a hold that is over',
    { container: onFailure(), death: { exitCode: 0, stoppedBy: 'person' } },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'still down under always, and since then a person asked for it',
    {
      container: always(),
      death: { at: ago(MINUTE), ...unknown },
      record: { wish: { value: 'running', by: 'person', who: 'ann', at: NOON } },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    "on-failure, the engine's tries used up, and since then a person asked for it",
    {
      container: onFailure(),
      death: { at: ago(MINUTE) },
      record: { wish: { value: 'running', by: 'person', who: 'ann', at: NOON } },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'on-failure, 143 where nobody can tell: it was stopped, perhaps by a person',
    { container: onFailure(), death: { at: ago(MINUTE), exitCode: 143, ...unknown } },
    'leave asked-to-stop',
    'Stopped with code 143 (SIGTERM): it was asked to stop. Left off.',
  ],
  [
    'still down under always, and nobody can tell who stopped it',
    { container: always(), death: { at: ago(MINUTE), ...unknown } },
    'leave engine-left-it',
    'Its restart policy (always) leaves it down, as after a stop by hand; left off.',
  ],
  [
    'under always, flagged while it ran: the engine takes a crash for a stop by hand',
    {
      container: always(),
      death: { at: ago(MINUTE), ...unknown },
      record: { flaggedWhileUp: true },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'under always, flagged while it ran, and then perhaps stopped by a person',
    {
      container: always(),
      death: { at: ago(MINUTE), exitCode: 143, ...unknown },
      record: { flaggedWhileUp: true },
    },
    'leave asked-to-stop',
    'Stopped with code 143 (SIGTERM): it was asked to stop. Left off.',
  ],
  [
    'still down under unless-stopped',
    { container: anExited({ restartPolicy: 'unless-stopped' }), death: { at: ago(MINUTE), ...unknown } },
    'leave engine-left-it',
    'Its restart policy (unless-stopped) leaves it down, as after a stop by hand; left off.',
  ],
  [
    'under always, ended for its failing health check: the engine takes that for a stop by hand',
    { container: always(), death: { at: ago(MINUTE), endedBy: 'health-action' } },
    'start start',
    'Its health check failed, and the engine ended it. Starting it now, attempt 1 of 3.',
  ],
  [
    'under on-failure, ended with 0 for its failing health check: that is not done',
    { container: onFailure({ exitCode: 0 }), death: { at: ago(MINUTE), endedBy: 'health-action' } },
    'start start',
    'Its health check failed, and the engine ended it. Starting it now, attempt 1 of 3.',
  ],
  [
    'a new boot, and nobody started it yet',
    { container: always(), death: { at: ago(MINUTE) }, around: { notStartedSinceBoot: true } },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'on-failure over a reboot: its tries are not used up',
    {
      container: onFailure({ exitCode: 0 }),
      death: { at: ago(MINUTE), withHost: true },
      around: { notStartedSinceBoot: true },
    },
    'start start',
    'It went down with the host. Starting it now, attempt 1 of 3.',
  ],
  [
    'its dependency is down: it waits for that',
    { container: always(), death: { at: ago(MINUTE) }, around: { blockers: [db] } },
    'wait waiting-for-dependency',
    'Waits: db is down.',
  ],
  [
    'its dependency is back',
    {
      container: always({ exitCode: 0 }),
      death: { at: ago(MINUTE) },
      record: { decision: made('waiting-for-dependency') },
    },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'its dependency is back, and it stood in line for a moment',
    { container: always(), death: { at: ago(MINUTE) }, record: { decision: made('in-line') } },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'on-failure, exit 0: done',
    { container: onFailure({ exitCode: 0 }), death: { at: ago(MINUTE) } },
    'leave finished',
    'Ended by itself with code 0, which its restart policy takes for done; left off.',
  ],
  [
    "on-failure, still down: the engine's tries are used up",
    { container: onFailure(), death: { at: ago(MINUTE) } },
    'give-up engine-gave-up',
    'The engine used up the tries of its restart policy. It may need you.',
  ],
  [
    'on-failure, and that was written down',
    { container: onFailure(), death: { at: ago(MINUTE) }, record: { givenUp } },
    'leave engine-gave-up',
    'The engine used up the tries of its restart policy. It may need you.',
  ],
];

const ORDER: readonly Row[] = [
  [
    'a dependency is not ready',
    { death: {}, around: { blockers: [db] } },
    'wait waiting-for-dependency',
    'Waits: db is down.',
  ],
  [
    'two dependencies are not ready',
    { death: {}, around: { blockers: [db, { name: 'vpn', what: 'is not healthy yet' }] } },
    'wait waiting-for-dependency',
    'Waits: db is down and vpn is not healthy yet.',
  ],
  [
    'a dependency is not ready: no giving up meanwhile',
    { death: {}, record: { attempts: three }, around: { blockers: [db] } },
    'wait waiting-for-dependency',
    'Waits: db is down.',
  ],
  [
    'of one that went down with it nobody knows yet who did it, and it is needed',
    { death: {}, around: { unjudged: { name: 'db', until: NOON + SECOND }, blockers: [db] } },
    'wait judging-exit',
    'db went down with it. Waiting a moment to see whether a person stopped that.',
    NOON + SECOND,
  ],
  [
    'a lower tier of its batch was started 2 s ago',
    { death: {}, around: { tierPause: { after: 'db', until: NOON + 3 * SECOND } } },
    'wait tier-pause',
    'db goes first; this one follows.',
    NOON + 3 * SECOND,
  ],
  [
    'two others are being started, as many as may be at a time',
    { death: {}, around: { place: { ahead: 1, until: null } } },
    'wait in-line',
    'Another one is being started; this one is next.',
  ],
  [
    'the monitor has only just begun',
    { death: {}, around: { healingFrom: NOON + 2 * MINUTE } },
    'wait start-up-delay',
    'Just started watching; healing begins at 12:02:00.',
    NOON + 2 * MINUTE,
  ],
  [
    'the host is on its way down',
    { death: {}, around: { shuttingDown: true } },
    'leave shutting-down',
    'The server is shutting down; nothing is started, and nothing judged.',
  ],
  [
    'the host is on its way down: no giving up on what dies of that',
    { death: {}, record: { attempts: three }, around: { shuttingDown: true } },
    'leave shutting-down',
    'The server is shutting down; nothing is started, and nothing judged.',
  ],
  [
    'the host is on its way down, and one fails its check',
    { ...unhealthySince(HOUR), around: { shuttingDown: true } },
    'leave shutting-down',
    'The server is shutting down; nothing is started.',
  ],
  [
    'mode observe: the monitor has only just begun',
    { death: {}, around: { mode: 'observe', healingFrom: NOON + 2 * MINUTE } },
    'wait observing-soon',
    'Just started watching, and observing only; what would be done is said from 12:02:00 on.',
    NOON + 2 * MINUTE,
  ],
  [
    'mode observe: down',
    { death: {}, around: { mode: 'observe' } },
    'leave observing',
    'Would start it now; observing only.',
  ],
  [
    'mode observe: unhealthy',
    { ...unhealthySince(HOUR), around: { mode: 'observe' } },
    'leave observing',
    'Would restart it now; observing only.',
  ],
  [
    'another process heals with the same store',
    { death: {}, around: { mode: 'stand-by' } },
    'leave standing-by',
    'Another process heals; this one only watches.',
  ],
  [
    'the shared store is away, and one is down',
    { death: {}, around: { mode: 'store-away' } },
    'wait store-away',
    "The monitor's database cannot be reached, so nobody here knows which replica leads. It is started by the one that does, once the database is back.",
  ],
  [
    'the shared store is away, and one is unhealthy',
    { ...unhealthySince(HOUR), around: { mode: 'store-away' } },
    'wait store-away',
    "The monitor's database cannot be reached, so nobody here knows which replica leads. It is restarted by the one that does, once the database is back.",
  ],
  [
    'the shared store is away, since the one in which it runs is down',
    { death: {}, around: { mode: 'store-away', bringsStoreBack: 'holds-it' } },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'the shared store is away, and the one in which it runs was tried a moment ago',
    {
      death: { at: ago(SECOND) },
      record: { attempts: [anAttempt(ago(2 * SECOND))] },
      around: { mode: 'store-away', bringsStoreBack: 'holds-it' },
    },
    'wait backing-off',
    'Attempt 1 did not last; attempt 2 follows at 12:00:08.',
    NOON + 8 * SECOND,
  ],
  [
    'the shared store is away, and the engine lost the process of the one in which it runs',
    {
      container: aContainer({ processVanished: true }),
      around: { mode: 'store-away', bringsStoreBack: 'holds-it' },
    },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'the shared store is away, and the one in which it runs is unhealthy',
    { ...unhealthySince(HOUR), around: { mode: 'store-away', bringsStoreBack: 'holds-it' } },
    'wait store-away',
    "The monitor's database cannot be reached, so nobody here knows which replica leads. It is restarted by the one that does, once the database is back.",
  ],
  [
    'the shared store is away, and a person stopped the one in which it runs',
    {
      death: {},
      record: wished('person', 'ann'),
      around: { mode: 'store-away', bringsStoreBack: 'holds-it' },
    },
    'leave stopped-by-person',
    'Stopped by ann at 12:00; left off.',
  ],
  [
    'the shared store is away, and the one in which it runs ended with 0',
    { death: { exitCode: 0 }, around: { mode: 'store-away', bringsStoreBack: 'holds-it' } },
    'start start',
    'Stopped with code 0. Starting it now, attempt 1 of 3.',
  ],
  [
    'the shared store is away, and one that it needs has done its work',
    { death: { exitCode: 0 }, around: { mode: 'store-away', bringsStoreBack: 'is-needed' } },
    'leave finished',
    'Ended by itself with code 0. Its work is done; left off.',
  ],
  [
    'the shared store is away, and the one in which it runs was off at first sight',
    {
      death: { at: ago(HOUR) },
      record: wished('first-sight'),
      around: { mode: 'store-away', bringsStoreBack: 'holds-it' },
    },
    'start start',
    'Stopped with code 1. Starting it now, attempt 1 of 3.',
  ],
  [
    'the shared store is away, and the one in which it runs was off at first sight by a person',
    {
      death: { at: ago(HOUR), stoppedBy: 'person' },
      record: wished('first-sight'),
      around: { mode: 'store-away', bringsStoreBack: 'holds-it' },
    },
    'leave stopped-at-first-sight',
    'It was off when the monitor first saw it; left off.',
  ],
  [
    'adoptStopped: what was off for a day is healed, too',
    { death: { at: ago(DAY), exitCode: 137 }, options: { restart: { adoptStopped: true } } },
    'start start',
    'Stopped with code 137 (SIGKILL). Starting it now, attempt 1 of 3.',
  ],
];

const GROUPS = {
  'not ours to heal': NOT_OURS,
  'hands off': HANDS_OFF,
  'wished stopped': WISHED_STOPPED,
  'an exit': EXITS,
  'attempts and giving up': ATTEMPTS,
  'refused together with others': REFUSED_WITH_OTHERS,
  'without space': LACKS_SPACE,
  'with what it requires gone': GONE_REQUIREMENT,
  'cut off for now': CUT_OFF_FOR_NOW,
  'of a pod': POD,
  'while it is up': UP,
  "the engine's own restart policy": OWNED_BY_ENGINE,
  'order and company': ORDER,
};

for (const [group, rows] of Object.entries(GROUPS)) {
  describe(`decide: ${group}`, () => {
    for (const [name, changes, what, reason, dueAt] of rows) {
      it(`${name}: ${what}`, () => {
        const decision = decide(situation(changes));
        expect(`${decision.action} ${decision.code}`).toBe(what);
        expect(decision.reason).toBe(reason);
        const holds = UNTIL_CHANGED.has(decision.code) ? 'when-changed' : null;
        expect(decision.dueAt).toBe(dueAt ?? holds);
      });
    }
  });
}

describe('decide', () => {
  const rows = Object.values(GROUPS).flat();

  it('has every code in the table, but for those that are for hosts', () => {
    const shown = new Set(rows.map(([, , what]) => what.split(' ')[1]));
    expect(Object.keys(DECISIONS).filter((code) => !shown.has(code))).toEqual([...BY_HOSTS]);
  });

  it('names each situation once', () => {
    const names = rows.map(([name]) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('names who it waits for', () => {
    expect(decide(situation({ death: {}, around: { blockers: [db] } })).blockedBy).toEqual(['db']);
  });

  it('says the same again, changes nothing, and ends its sentences', () => {
    for (const [name, changes] of rows) {
      const given = situation(changes);
      const before = structuredClone(given);
      expect(decide(given), name).toEqual(decide(given));
      expect(given).toEqual(before);
      expect(decide(given).reason, name).toMatch(/^[A-Z\d].+([.]|: \w+)$/i);
    }
  });
});

describe('a decision upon what is taken to be ready', () => {
  const takenToBeReady = [{ name: 'attic/db', silentSince: ago(MINUTE) }];
  const sentence =
    / attic\/db is taken to be ready, as it was when last seen: its host has not answered since /;

  it.each<[string, SituationChanges]>([
    ['start', { death: {}, around: { takenToBeReady } }],
    ['restart', { ...unhealthySince(2 * MINUTE), around: { takenToBeReady } }],
  ])('says so where it is a %s', (action, changes) => {
    expect(decide(situation(changes))).toMatchObject({
      action,
      reason: expect.stringMatching(sentence) as string,
    });
  });

  it.each<[string, SituationChanges]>([
    ['nothing is done', { around: { takenToBeReady } }],
    ['it waits', { death: {}, around: { takenToBeReady, blockers: [db] } }],
  ])('says nothing of it where %s', (_, changes) => {
    expect(decide(situation(changes)).reason).not.toMatch(sentence);
  });
});
