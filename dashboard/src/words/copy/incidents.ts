import { bytes, count, exactDuration, shortList } from '../format.js';

export const cause = {
  oom: (name: string, limit: number | null) =>
    limit === null
      ? `${name} was killed because the server ran out of memory.`
      : `${name} was killed because it reached its memory limit of ${bytes(limit)}.`,
  killed: (name: string) => `${name} was killed (code 137).`,
  asked: (name: string) => `${name} was asked to stop from outside (code 143).`,
  crashed: (name: string, code: number) => `${name} crashed (code ${code}).`,
  error: (name: string) => `${name} ended with an error (code 1).`,
  ended: (name: string) => `${name} ended by itself (code 0).`,
  code: (name: string, code: number) => `${name} stopped with code ${code}.`,
  down: (name: string) => `${name} is down.`,
  wasDown: (name: string) => `${name} was down.`,
  unhealthy: (name: string) => `${name} does not answer its health check.`,
  wasUnhealthy: (name: string) => `${name} did not answer its health check.`,
  flapping: (name: string) => `${name} is unhealthy on and off.`,
  wasFlapping: (name: string) => `${name} was unhealthy on and off.`,
  crashLoop: (name: string) => `${name} keeps crashing.`,
  wasCrashLoop: (name: string) => `${name} kept crashing.`,
  leak: (name: string) => `${name} is leaking memory.`,
  wasLeak: (name: string) => `${name} was leaking memory.`,
  unreadable: (name: string) => `Podman cannot show ${name}.`,
  wasUnreadable: (name: string) => `Podman could not show ${name}.`,
  refuses: (why: string) => `Podman refuses to start containers: ${why.replace(/\.$/, '')}.`,
  wasRefusing: 'Podman refused to start containers.',
  engine: 'Podman does not answer.',
  wasEngine: 'Podman did not answer.',
};

export const incidents = {
  title: 'Incidents',
  open: 'Open',
  none: 'No incident in the last 30 days.',
  noneDetail: 'When a container goes down or unhealthy, its story is kept here.',
  victims: (amount: number) => (amount === 0 ? '' : `${count(amount, 'container')} waited`),
  lasted: (ms: number) => exactDuration(ms),
  soFar: (ms: number) => `${exactDuration(ms)} so far`,
  older: 'Older',
};

export const endedBy = {
  attempt: 'healed by the monitor',
  itself: 'recovered by itself',
  person: 'ended by a person',
  dependency: 'ended when what it needs came back',
  none: 'resolved',
  open: 'open',
};

export const incident = {
  back: 'Incidents',
  standing: { wrong: 'open', 'up-again': 'open, up again', soon: 'open', over: 'resolved' },
  runsAgain: 'It runs again. The incident ends when it has been well for a minute.',
  ranAgain: 'It ran again when Podman last answered.',
  runsWithout: (names: readonly string[]) =>
    `It runs again. The incident ends when ${shortList(names, 4)} ${names.length === 1 ? 'is' : 'are'} back, too.`,
  runsUnchecked: 'It runs again. The incident waits for its health check to pass.',
  leaksWhileUp: 'It works as usual; only its memory grows.',
  leakFound: 'Its memory grows and is not given back.',
  missing: 'There is no such incident.',
  missingDetail: 'It may be older than 30 days.',
  wasFor: (what: string, ms: number) => `${what} for ${exactDuration(ms)}.`,
  waited: (amount: number) => ` ${count(amount, 'container')} waited for it.`,
  wait: (amount: number) => ` ${count(amount, 'container')} ${amount === 1 ? 'waits' : 'wait'} for it.`,
  facts: {
    down: 'Lasted',
    downOpen: 'So far',
    victims: 'Waited for it',
    victimsOpen: 'Wait for it',
    ended: 'Ended',
    attempts: 'Attempts',
    none: 'nothing',
  },
  soFar: (ms: number) => `down for ${exactDuration(ms)} so far`,
  opened: (at: string) => `Opened ${at}`,
  resolvedAt: (at: string, by: string) => `resolved ${at}, ${by}`,
  notified: (amount: number) => (amount === 0 ? 'no notification' : count(amount, 'notification')),
  cause: 'Cause',
  latestAttempt: 'Why it does not come back',
  attemptAt: (attempt: number, at: string) => `Attempt ${attempt}, ${at}`,
  lastWords: 'Last lines of its log',
  memoryBefore: 'Its memory in the 12 hours before; the tick marks where the incident began.',
  check: 'Its health check said',
  exit: 'Exit',
  exitText: (code: number, signal: string | null, oom: boolean) =>
    [`code ${code}`, ...(signal ? [signal] : []), ...(oom ? ['out of memory'] : [])].join(', '),
  waitedTitle: 'Waited',
  noAttempts: 'No attempts were spent on them.',
  openContainer: (name: string) => `Open ${name}`,
  happened: 'What happened',
  story: 'Story',
  everything: 'Everything',
  view: 'How much to show',
  copy: 'Copy as text',
  copied: 'Copied',
  waitingFor: (what: string) => `wait for ${what}.`,
  waitsFor: (what: string) => `waits for ${what}.`,
  advice: 'What you can do',
  adviceOom: (name: string, times: number) =>
    `Raise the memory limit of ${name}${times > 1 ? `. It was killed this way ${times} times in the last 30 days` : ''}.`,
  adviceLog: (name: string) => `Read the log of ${name}: the last lines often say what is missing.`,
  adviceUnreadable: (name: string) =>
    `Try podman inspect ${name} on the server. If it fails there, too, make the container anew; its volumes stay.`,
  adviceLeak: (name: string) => `Restart ${name} at a time that suits you; that gives the memory back.`,
  adviceUnhealthy: (name: string) =>
    `Look at what the health check of ${name} asks for, and whether it has enough time.`,
  adviceNone: 'Nothing. It is over.',
  adviceRefused:
    'Remove what Podman names: make space, free memory or a port, pull images. The containers follow by themselves.',
  adviceEngine: 'See that Podman runs on this server.',
  seq: 'No.',
  when: 'When',
  type: 'Type',
  who: 'Container',
  what: 'What',
};
