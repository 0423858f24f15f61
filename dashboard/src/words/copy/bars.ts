import { count, exactDuration, shortList } from '../format.js';

export const lost = {
  text: (since: string) => `Connection lost. What you see is from ${since}.`,
  past: (past: string) => `That was ${past}.`,
  reconnect: 'Reconnect now',
  actions: 'The connection is lost. Actions are off until it is back.',
  back: (what: string) => `Back. ${what}`,
  nothing: 'Nothing happened while you were away.',
  missed: (events: number, what: string) =>
    `${count(events, 'event')} happened while you were away${what ? `: ${what}` : '.'}`,
  tooMuch: 'Too much happened to list; what you see is complete.',
  show: 'Show',
  dismiss: 'Dismiss',
  opened: (names: readonly string[]) => `${shortList(names, 3)} had trouble`,
  downFor: (name: string, ms: number) => `${name} was down for ${exactDuration(ms)}`,
};

export const outage = {
  text: (since: string | null) =>
    `The engine does not answer${since ? ` since ${since}` : ''}. Nothing is decided and nothing is restarted until it does.`,
  actions: 'The engine does not answer. This is off until it does.',
};

export const degraded = (problem: string) => `Changes are not kept at the moment: ${problem}`;

export const newBuild = 'A newer version is ready.';
export const reload = 'Reload';
