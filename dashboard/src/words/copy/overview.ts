import { count, exactDuration, shortList } from '../format.js';

export const overview = {
  wrongNow: 'Wrong now',
  upAgain: 'Up again',
  soon: 'Soon',
  last24: 'Last 24 hours',
  all: (total: number) => `All containers, ${total}`,
  nothingFound: 'No container matches.',
  find: 'Find',
  findHint: 'Find a container',
  onlyNotHealthy: 'only not healthy',
  healthy: (amount: number) => `${amount} healthy`,
  others: (amount: number) => `${amount} more`,
  needs: (name: string, needs: readonly string[], neededBy: readonly string[]) =>
    `${name} needs ${needs.length ? shortList(needs, 6) : 'nothing'}; ${
      neededBy.length
        ? `${shortList(neededBy, 6)} ${neededBy.length === 1 ? 'needs' : 'need'} it`
        : 'nothing needs it'
    }.`,
  needsHint: 'Point at a container to see what it needs, and what needs it.',
  open: 'Open',
  webhooksFailing: (failing: number) =>
    `${count(failing, 'webhook')} ${failing === 1 ? 'has' : 'have'} been failing.`,
  webhooksSoon: 'Webhooks',
};

export const last24 = {
  none: 'No incident.',
  healed: (amount: number, ms: number) =>
    amount === 1
      ? `1 incident, over after ${exactDuration(ms)}.`
      : `${count(amount, 'incident')}, ${amount === 2 ? 'both' : 'all'} over; the longest took ${exactDuration(ms)}.`,
  open: (amount: number, open: number) => `${count(amount, 'incident')}, ${open} still open.`,
};

export const incidentCard = {
  opened: (at: string, again: string | null, past: string | null) =>
    `${past === null ? `Since ${at}` : at}${again === null ? '' : `, again since ${again}`}${past === null ? '' : `, ${past}`}`,
  until: (attempt: number) => `until attempt ${attempt}`,
  untilNext: 'until new attempts',
  starting: 'Starting now…',
  later: 'Later than planned',
  used: (used: number, of: number) => `${used} of ${of} used`,
  waitFor: (amount: number, name: string) => `${amount} ${amount === 1 ? 'waits' : 'wait'} for ${name}.`,
  leftAlone: (one: boolean) => `${one ? 'It is' : 'They are'} left alone until it is back.`,
  read: 'Read the incident',
  again: (ms: number) => `Healthy again after ${exactDuration(ms)}`,
  stoppedAt: (at: string) => `Countdown stopped; attempt planned for ${at}.`,
  plannedAt: (at: string) => `Planned for ${at}.`,
};
