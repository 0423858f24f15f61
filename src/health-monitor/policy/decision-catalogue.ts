import type { HealthEventType, Status } from '../../common/events/index.js';

/** Everything that one decision code means. Nobody else asks what a code is called. */
export interface DecisionMeaning {
  /** When it is made, to stand behind "when". */
  readonly when: string;
  /** The word that pages show for the container; `null`: as its state and health are. */
  readonly status: Status | null;
  /**
   * Whether a container about which this was decided is a problem: `no`, it is meant to be so; `unknown`, that is not
   * known yet; `yes`, if it is down, unhealthy or stuck.
   */
  readonly problem: 'no' | 'unknown' | 'yes';
  /** The event that says so, when the decision is a new one. */
  readonly event: Extract<HealthEventType, `container.${string}`> | null;
  /** Which problem nothing is done about, so that a person is to know of it. */
  readonly untreated: 'unhealthy' | 'not-ready' | 'cut-off' | 'stuck' | 'any' | null;
  /** Why nothing is done about it, made from the decision's reason, to stand behind "because" or a colon. */
  readonly because: ((reason: string) => string) | null;
  /** Those of higher tiers that went down with it wait for it. */
  readonly holdsBack: boolean;
  /** It stands in line for a start. */
  readonly inLine: boolean;
  /** It is down, and is being brought back now. */
  readonly bringsBack: boolean;
  /** From here on a container with a restart policy of the engine's own stays with the monitor. */
  readonly takesOver: boolean;
  /** Its `dueAt` is the time of the next attempt: of one that is down, or also of one that is up. */
  readonly dueAtIsNextAttempt: 'down' | 'always' | null;
  /** What an act answers. One that answers a failure is an attempt. */
  readonly answers: 'failure' | 'refusal' | 'leak' | 'dependency' | null;
  /** Who tried in vain, when it gives up. */
  readonly triedBy: 'monitor' | 'engine' | null;
  /** It is not started, since there is no space where it keeps something. */
  readonly lacksSpace: boolean;
  /** An open problem of it is over by itself, and not by a person's hand. */
  readonly endsByItself: boolean;
}

const NOTHING_MORE = {
  event: null,
  untreated: null,
  because: null,
  holdsBack: false,
  inLine: false,
  bringsBack: false,
  takesOver: false,
  dueAtIsNextAttempt: null,
  answers: null,
  triedBy: null,
  lacksSpace: false,
  endsByItself: false,
} as const satisfies Partial<DecisionMeaning>;

const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

const row = (
  when: string,
  status: Status | null,
  problem: DecisionMeaning['problem'],
  more: Partial<DecisionMeaning> = {},
): DecisionMeaning => ({ when, status, problem, ...NOTHING_MORE, ...more });

/** The catalogue of decisions. Codes are public and never renamed. `docs/how-it-decides.md` shows this table. */
export const DECISIONS = {
  // left alone
  ignored: row('its rules say so', 'ignored', 'no'),
  'backend-not-watched': row('only apps are watched, and it serves another app', 'ignored', 'no'),
  ourselves: row('the monitor runs in it', null, 'no'),
  'vanishes-by-design': row('the engine removes it when it ends', null, 'no'),
  job: row('it runs once, and runs', null, 'no'),
  'job-ended': row('it ran once, and has ended', 'stopped', 'no'),
  'systemd-restarts-it': row('systemd restarts it', null, 'no'),
  held: row('a hold lasts', 'held', 'no'),
  'intent-unknown': row('its wish or hold could not be read', 'held', 'yes', {
    untreated: 'any',
    because: (reason) => `nobody knows what is wished of it. ${reason}`,
  }),
  'never-started': row('nobody ever started it', 'stopped', 'no'),
  paused: row('somebody paused it', 'stopped', 'no'),
  'in-transition': row('the engine is on its way with it', 'restarting', 'unknown'),
  'unknown-state': row('its state is not known here, or a policy failed', 'down', 'yes'),
  stuck: row('the engine does not get on with it', 'down', 'yes', {
    event: 'container.stuck',
    untreated: 'stuck',
  }),
  'stopped-by-person': row('a person stopped it', 'stopped', 'no'),
  'stopped-at-first-sight': row('it was off when first seen', 'stopped', 'no'),
  finished: row('it ended with 0', 'stopped', 'no', { event: 'container.stopped', endsByItself: true }),
  'asked-to-stop': row('it was asked to stop, and nobody knows by whom', 'stopped', 'no', {
    event: 'container.stopped',
  }),
  'pod-at-rest': row('it holds the namespaces of a pod in which nothing runs that should', 'stopped', 'no'),
  'engine-left-it': row('its restart policy leaves it down, as after a stop', 'stopped', 'no'),
  'left-by-policy': row("a policy of the host's own leaves it alone", null, 'no'),
  // up
  healthy: row('it is up and well', 'healthy', 'unknown'),
  'revived-by-engine': row(
    'the engine started it when it came up, though it was stopped',
    'healthy',
    'unknown',
  ),
  'settling-in': row('it is up again, and not yet for long', 'healthy', 'unknown'),
  'crash-looping': row('it keeps crashing, and is up for the moment', 'crash-looping', 'yes'),
  'crashed-often': row('it kept crashing, and has been up for long', null, 'unknown'),
  starting: row('its health check has not passed yet', 'starting', 'unknown'),
  'not-yet': row('it says that it is not ready yet', 'not-yet', 'unknown'),
  'not-yet-for-long': row(
    'it is not ready for long and gets no further, or needs a person',
    'not-yet',
    'yes',
    {
      untreated: 'not-ready',
    },
  ),
  'unhealthy-watching': row('its health check fails, and not yet for long', 'unhealthy', 'unknown'),
  flapping: row('its health check fails again and again, and passes for the moment', 'unhealthy', 'yes'),
  'unhealthy-ignored': row('its health check fails, and its rules ignore that', 'unhealthy', 'no'),
  'cut-off': row('it runs in namespaces of a container that is gone', 'unhealthy', 'yes', {
    untreated: 'cut-off',
    because: lowerFirst,
  }),
  'unhealthy-told': row('its health check fails, and a restart could harm it', 'unhealthy', 'yes', {
    event: 'container.unhealthy',
    untreated: 'unhealthy',
  }),
  // wait
  acting: row('an act on it is under way', 'restarting', 'yes', { holdsBack: true }),
  'awaiting-outcome': row('the last attempt was made and may still succeed', 'restarting', 'yes'),
  'start-up-delay': row('the monitor has only just started', null, 'yes', {
    takesOver: true,
    dueAtIsNextAttempt: 'down',
  }),
  'judging-exit': row('it may still be told who ended it or one with it', 'down', 'unknown'),
  'awaiting-full-check': row('it was killed, and nobody knows by whom', 'down', 'unknown'),
  'engine-goes-first': row('its restart policy may still bring it back', 'down', 'unknown'),
  'waiting-for-dependency': row('what it needs is not ready', 'waiting', 'yes', {
    event: 'container.waiting',
    takesOver: true,
  }),
  'requirement-gone': row('the engine starts it only with a container that is gone', null, 'yes', {
    untreated: 'any',
    because: lowerFirst,
  }),
  'backing-off': row('the next attempt is not due yet', 'backing-off', 'yes', {
    dueAtIsNextAttempt: 'always',
  }),
  'tier-pause': row('a lower tier goes first', 'down', 'yes', {
    holdsBack: true,
    bringsBack: true,
    takesOver: true,
  }),
  'in-line': row('others are being started', 'down', 'yes', {
    inLine: true,
    holdsBack: true,
    bringsBack: true,
    takesOver: true,
  }),
  'refused-with-others': row('the engine refuses to start it and others for one cause', 'waiting', 'yes', {
    takesOver: true,
    dueAtIsNextAttempt: 'down',
  }),
  'no-space': row('there is no space where it keeps something', 'waiting', 'yes', {
    takesOver: true,
    dueAtIsNextAttempt: 'down',
    lacksSpace: true,
  }),
  'shutting-down': row('the server shuts down', null, 'unknown'),
  'observing-soon': row('the monitor has only just started, and only observes', null, 'yes'),
  observing: row('the monitor only observes', null, 'yes', {
    untreated: 'any',
    because: () => 'the monitor only observes.',
  }),
  'standing-by': row('another process heals', null, 'yes'),
  'store-away': row('the shared store is away, and nobody knows which process heals', null, 'yes', {
    untreated: 'any',
    because: () => "the monitor's database cannot be reached.",
  }),
  // act
  start: row('it is to be started', 'restarting', 'yes', { bringsBack: true, answers: 'failure' }),
  'test-start': row('it is tried whether the engine starts it and others again', 'restarting', 'yes', {
    takesOver: true,
    answers: 'refusal',
  }),
  'restart-unhealthy': row('its health check has failed for long', 'restarting', 'yes', {
    event: 'container.unhealthy',
    answers: 'failure',
  }),
  'restart-after-dependency': row('what it needs runs anew, and it is to follow that', 'restarting', 'yes', {
    answers: 'dependency',
  }),
  'restart-leaking': row('it leaks, and its time of day has come', 'restarting', 'yes', {
    answers: 'leak',
  }),
  'give-up': row('the last attempt failed', 'given-up', 'yes', {
    triedBy: 'monitor',
    dueAtIsNextAttempt: 'always',
  }),
  'given-up': row('it was given up, and its next attempt is not due', 'given-up', 'yes', {
    dueAtIsNextAttempt: 'always',
  }),
  'engine-gave-up': row('its restart policy does not bring it back', 'given-up', 'yes', {
    triedBy: 'engine',
  }),
  rearm: row('one that was given up gets new attempts', 'down', 'yes'),
} as const satisfies Record<string, DecisionMeaning>;

export type DecisionCode = keyof typeof DECISIONS;

/** What a decision with this code means. */
export const meaningOf = ({ code }: { readonly code: DecisionCode }): DecisionMeaning => DECISIONS[code];
