import type { ContainerView } from '../../common/events/index.js';
import { referenceOf } from '../../common/reference/index.js';
import type { Overview } from '../overview.js';
import { oneLine } from '../terminal/text.js';

/** What changed from one look to the next, a line each; at first, what is not healthy. Pure. */
export function* changesBetween(before: Overview | null, now: Overview): Generator<string> {
  const engine = engineLine(now);
  if (engine !== (before === null ? null : engineLine(before))) yield engine;
  const known = new Map(before?.containers.map((view) => [referenceOf(view), view]));
  for (const view of now.containers) {
    const reference = referenceOf(view);
    const earlier = known.get(reference);
    known.delete(reference);
    if (isNews(earlier, view, before === null)) yield containerLine(view);
  }
  for (const name of known.keys()) yield `${oneLine(name)}  gone`;
  yield* externalChanges(before, now);
}

/** Of externals, in the same way. */
function* externalChanges(before: Overview | null, now: Overview): Generator<string> {
  const known = new Map(before?.externals.map((view) => [view.id, view]));
  for (const { id, name, status, sentence } of now.externals) {
    const earlier = known.get(id);
    const isNews = earlier === undefined ? status !== 'up' : earlier.status !== status;
    if (isNews) yield [name, status, sentence].map(oneLine).join('  ');
  }
}

/** The sentence of one that is well changes, too, once it has been well for long. */
const isNews = (earlier: ContainerView | undefined, view: ContainerView, isFirst: boolean): boolean =>
  earlier === undefined
    ? !isFirst || view.status !== 'healthy'
    : earlier.status !== view.status ||
      (view.status !== 'healthy' && earlier.decision.reason !== view.decision.reason);

const containerLine = (view: ContainerView): string =>
  [referenceOf(view), view.status, view.decision.reason].map(oneLine).join('  ');

function engineLine({ status: { engine } }: Overview): string {
  const problem = engine.problem === null ? '' : `: ${oneLine(engine.problem)}`;
  return `engine  ${engine.reachable ? 'reachable' : 'not reachable'}${problem}`;
}
