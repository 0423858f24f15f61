import type { ContainerDetailView } from '../../common/events/index.js';
import { referenceOf } from '../../common/reference/index.js';
import { oneLine, timeOf } from '../terminal/text.js';
import { decisionAfter, reasonOf } from './story.js';

/** What held at a moment: a decision holds until the next one. Pure. */
export function* thenLines(container: ContainerDetailView, moment: number, now: number): Generator<string> {
  const name = referenceOf(container);
  const { history } = container;
  const until = history.filter(({ at }) => Date.parse(at) <= moment);
  const latest = until.findLast((event) => decisionAfter(event) !== null) ?? until.at(-1);
  const when = timeOf(new Date(moment).toISOString(), now);
  if (latest === undefined) {
    const first = history[0];
    yield first === undefined
      ? `Nothing is kept of ${oneLine(name)}.`
      : `Nothing is kept of ${oneLine(name)} before ${timeOf(first.at, now)}: a recording may reach further back (health-monitor replay).`;
    return;
  }
  const decided = decisionAfter(latest) ?? reasonOf(latest);
  yield `${oneLine(name)} at ${when}, as decided at ${timeOf(latest.at, now)}: ${oneLine(decided)}`;
}
