import type { ContainerView, EventDraft } from '../../common/events/index.js';
import { containerEvent } from './container-events.js';

type Views = ReadonlyMap<string, ContainerView>;

/** Another host does not answer any more: how its containers are is not known until it does. Pure. */
export function silence(
  before: Views,
  now: number,
): { readonly views: Views; readonly events: readonly EventDraft[] } {
  const views = new Map([...before].map(([name, view]) => [name, { ...view, status: 'unknown' } as const]));
  const reason = 'Its host does not answer.';
  const events = [...views.values()].map((view) =>
    containerEvent(['container.changed', { reason, view }], view.name, now),
  );
  return { views, events };
}

export const isSilenced = ({ status }: ContainerView): boolean => status === 'unknown';
