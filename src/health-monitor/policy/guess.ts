import { createHash } from 'node:crypto';
import type { ResolvedProbe } from '../../common/options/index.js';
import type { Container } from '../runtime/index.js';
import type { ContainerRecord } from './record.js';
import type { Rules } from './rules.js';

/**
 * A preset guesses where an app listens and what is in its image. So its probe counts for nothing in a container in which
 * it was never answered: neither an app nor its dependents are to suffer from a port that we guessed.
 */
export const isGuessAnswered = (
  { id }: Pick<Container, 'id'>,
  record: Pick<ContainerRecord, 'id' | 'life'> | undefined,
  rules: Pick<Rules, 'probes' | 'origin'>,
): boolean => {
  const guess = guessOf(rules);
  return guess === null || (record?.id === id && record.life.answeredGuess === guess);
};

/** The guess that this container answers, as what is made of its probes shows; `null`: none. Pure. */
export const guessAnsweredBy = ({
  container: { probed },
  rules,
}: {
  readonly container: Pick<Container, 'probed'>;
  readonly rules: Pick<Rules, 'probes' | 'origin'>;
}): string | null => (probed === undefined || probed.health === 'unanswered' ? null : guessOf(rules));

const guesses = new WeakMap<readonly ResolvedProbe[], string>();

/** Tells one guess from another; `null`: whoever wrote these probes knows. Timing and credentials are no part of it. Pure. */
export function guessOf({ probes, origin }: Pick<Rules, 'probes' | 'origin'>): string | null {
  if (origin['probes'] !== 'preset' || probes.length === 0) return null;
  const known = guesses.get(probes) ?? digestOf(probes);
  guesses.set(probes, known);
  return known;
}

const digestOf = (probes: readonly ResolvedProbe[]): string =>
  createHash('sha256')
    .update(JSON.stringify(probes.map(questionOf)))
    .digest('hex')
    .slice(0, 16);

function questionOf(probe: ResolvedProbe): unknown {
  if ('http' in probe) return probe.http;
  if ('tcp' in probe) return [probe.tcp, probe.send];
  if ('exec' in probe) return probe.exec;
  return [probe.rpc, probe.method, probe.params];
}
