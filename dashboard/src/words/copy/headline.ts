import { count } from '../format.js';

export const headline = {
  lastKnown: (headline: string) => `Last known: ${headline}`,
  none: 'No containers yet.',
  noneDetail: 'When the engine has one, it appears here.',
  all: (total: number) =>
    total === 1 ? 'The one container is healthy.' : `All ${total} containers are healthy.`,
  allWatched: (watched: number, off: number) =>
    `All ${watched} watched containers are healthy; ${off} ${off === 1 ? 'is' : 'are'} off by choice.`,
  allOff: (off: number) => `${count(off, 'container')}, all off by choice.`,
  back: (names: string, amount: number) => `${names} ${amount === 1 ? 'is' : 'are'} up again.`,
  watched: (amount: number) => `The monitor watches whether ${amount === 1 ? 'it stays' : 'they stay'} up.`,
  settling: (what: string) => `Nothing is wrong. ${what}`,
  one: (name: string, is: string) => `${name} ${is}.`,
  waitFor: (amount: number) => ` ${count(amount, 'container')} ${amount === 1 ? 'waits' : 'wait'} for it.`,
  silent: (amount: number, names: string) => `${count(amount, 'host')} do not answer: ${names}.`,
  notKnown: (amount: number) =>
    amount === 0
      ? ''
      : `Nobody knows how the ${count(amount, 'container')} there ${amount === 1 ? 'is' : 'are'}.`,
  worst: (amount: number, name: string, is: string) =>
    `${count(amount, 'thing')} are wrong now. The worst: ${name} ${is}.`,
  healthy: (healthy: number, total: number) => `${healthy} of ${total} containers are healthy.`,
  checked: (past: string) => `Checked ${past}.`,
  neverChecked: 'Not checked yet.',
  ofMachine: {
    'disk-full': 'has no space left',
    'disk-read-only': 'is read-only',
    'memory-pressure': 'is short of memory',
    clock: 'is wrong',
  },
  acting: {
    restarting: 'The monitor is restarting it.',
    backingOff: 'The monitor tries again.',
    givenUp: 'The monitor has stopped trying for now.',
    unhealthy: 'The monitor is watching it.',
    stuck: 'The engine does not get on with it; only you can help.',
    starting: 'It is starting.',
  },
};
