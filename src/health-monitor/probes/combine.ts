import type { ProbedHealth } from '../runtime/index.js';

const RANK = { 'not-yet': 0, failed: 1, ok: 2, unanswered: 3 } as const satisfies Record<
  ProbedHealth['health'],
  number
>;

/** What the probes of one container say together: the worst counts, but first what asks for patience. Pure. */
export function combine(verdicts: readonly ProbedHealth[]): ProbedHealth | undefined {
  const [worst] = [...verdicts].sort(
    (a, b) => RANK[a.health] - RANK[b.health] || Number(b.needsPerson) - Number(a.needsPerson),
  );
  if (worst === undefined || worst.health !== 'ok') return worst;
  // Of those that are well, one that is on its way says more.
  return verdicts.find(({ share }) => share !== null) ?? worst;
}

/** Whether people would see another picture. Of one that is well, words alone are no news. Pure. */
export function isSamePicture(a: ProbedHealth | undefined, b: ProbedHealth | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.health === b.health &&
    a.needsPerson === b.needsPerson &&
    shownShare(a) === shownShare(b) &&
    a.patienceUntil === b.patienceUntil &&
    (a.health === 'ok' || a.sentence === b.sentence)
  );
}

/** To a tenth of a per cent. */
const shownShare = ({ share }: ProbedHealth): number | null =>
  share === null ? null : Math.round(share * 1_000);
