import { count } from '../format.js';

export const hosts = {
  local: 'This host',
  choose: 'Host',
  all: 'All hosts',
  answersSince: (at: string) => `answers since ${at}`,
  notAsked: 'not asked yet',
  silentSince: (at: string) => `does not answer since ${at}`,
  wrong: (total: number, wrong: number) =>
    total === 0 ? 'No containers' : `${count(total, 'container')}, ${wrong === 0 ? 'none' : wrong} wrong`,
  notKnown: (total: number) =>
    total === 0
      ? 'No containers'
      : `${count(total, 'container')}, nobody knows how ${total === 1 ? 'it is' : 'they are'}`,
};
