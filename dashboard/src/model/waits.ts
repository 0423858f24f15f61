import type { ContainerView, Incident } from '../client.js';

/** How one container waited in the course of an incident, however often it began to. */
export interface Wait {
  readonly container: string;
  /** What is over of it, milliseconds. */
  readonly ms: number;
  /** Since when it waits now, milliseconds since 1970; `null`: it does not. */
  readonly since: number | null;
}

/** Each container that waited, once, in the order in which they began to. */
export function waitsOf({ victims }: Pick<Incident, 'victims'>): readonly Wait[] {
  const waits = new Map<string, Wait>();
  for (const { container, from, to } of victims) {
    const { ms, since } = waits.get(container) ?? { ms: 0, since: null };
    const began = Date.parse(from);
    waits.set(
      container,
      to === null
        ? { container, ms, since: since ?? began }
        : { container, ms: ms + Date.parse(to) - began, since },
    );
  }
  return [...waits.values()];
}

const FAILED: ReadonlySet<string> = new Set(['container.restart_failed', 'container.given_up']);

/** As far as the page knows. */
export function werePassedOver(
  incident: Pick<Incident, 'victims' | 'timeline'>,
  containers: ReadonlyMap<string, ContainerView>,
): boolean {
  const waits = waitsOf(incident);
  const names = new Set(waits.map(({ container }) => container));
  return (
    waits.every(({ container, since }) => since === null || !containers.get(container)?.attempts) &&
    !incident.timeline.some(({ type, container }) => FAILED.has(type) && names.has(container ?? ''))
  );
}
