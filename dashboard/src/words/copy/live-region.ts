import { shortList } from '../format.js';

export const live = {
  opened: (names: readonly string[]) =>
    `${shortList(names, 3)} ${names.length === 1 ? 'has' : 'have'} a problem.`,
  ended: (names: readonly string[]) =>
    `${shortList(names, 3)} ${names.length === 1 ? 'is' : 'are'} well again.`,
};
