import type { ActOutcome } from './attempts.js';
import type { Healing } from './record.js';

/** What an engine says when it cannot start anything, or not this one, for a cause outside of the container. */
const CAUSES: readonly (readonly [string, RegExp])[] = [
  ['space', /no space left|enospc|disk quota exceeded|not enough (disk )?space/i],
  ['memory', /cannot allocate memory|enomem|out of memory|not enough memory/i],
  ['port', /address already in use|eaddrinuse|port is already allocated|port .* (is )?in use/i],
  [
    'image',
    /no such image|image not known|manifest unknown|image .* (not found|does not exist)|pull access denied/i,
  ],
  [
    'network',
    /netavark|aardvark|slirp4netns|pasta|iptables|nftables|no such network|network .* (not found|does not exist)/i,
  ],
];

/**
 * What stands behind a refused start: `space`, `memory`, `port`, `image`, `network`, else the engine's words without what
 * is the container's own (its name, ids, paths, numbers).
 */
export function causeOfRefusal(words: string, name: string): string {
  const [known] = CAUSES.find(([, says]) => says.test(words)) ?? [];
  if (known !== undefined) return known;
  return words
    .replaceAll(name, '')
    .replace(/\b[0-9a-f]{12,64}\b/gi, '')
    .replace(/(?:\/[^\s:"',]*)+/g, '')
    .replace(/\d+/g, '')
    .replace(/[\s"'`]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Writes down what a start says of whether the engine starts this one. Without an answer its turn is over, too. */
export function noteRefusal(healing: Healing, outcome: ActOutcome, name: string, at: number): Healing {
  const { refusal } = healing;
  switch (outcome.kind) {
    case 'refused': {
      const words = outcome.detail ?? 'The engine refused to start it.';
      return { ...healing, refusal: { at, words, cause: causeOfRefusal(words, name) } };
    }
    case 'timed-out':
      return refusal === null ? healing : { ...healing, refusal: { ...refusal, at } };
    case 'done':
      return refusal === null ? healing : { ...healing, refusal: null };
    case 'void':
      return healing;
  }
}

/** Its attempts given back: that it does not start is no fault of its own. */
export const withAttemptsBack = (healing: Healing): Healing => ({ ...healing, attempts: [], givenUp: null });

const FIRST_TEST_MS = 10_000;
const SECOND_TEST_MS = 30_000;
const NEXT_TEST_MS = 60_000;

/**
 * When one of those whose starts are refused is started next, to see whether it is taken: after 10 seconds, 30 seconds,
 * then each minute. All are milliseconds since 1970.
 */
export function nextTestAt(since: number, latestRefusal: number): number {
  if (latestRefusal - since < FIRST_TEST_MS) return since + FIRST_TEST_MS;
  const isFirstTested = latestRefusal - since < FIRST_TEST_MS + SECOND_TEST_MS;
  return latestRefusal + (isFirstTested ? SECOND_TEST_MS : NEXT_TEST_MS);
}
