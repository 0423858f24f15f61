import { useEffect, useState } from 'preact/hooks';
import type { ContainerDetailView, HealthEvent, MemorySample } from '../client.js';
import { call } from '../state/api.js';
import { missed, onEvents, snapshots } from '../state/monitor.js';

export interface ContainerDetail {
  readonly history: readonly HealthEvent[];
  readonly samples: readonly MemorySample[];
}

/**
 * What only REST has: history and older memory figures. Later ones come by the socket; what it may have left out is
 * asked for again.
 */
export function useContainerDetail(name: string): ContainerDetail | null {
  const [detail, setDetail] = useState<ContainerDetail | null>(null);
  const anew = snapshots.value;
  useEffect(() => {
    let current = true;
    let came: readonly HealthEvent[] = [];
    const stop = onEvents((events) => {
      const own = events.filter(({ container }) => container === name);
      if (own.length === 0) return;
      came = [...came, ...own];
      setDetail((known) => known && { ...known, history: withLater(known.history, own) });
    });
    if (anew > 0)
      call<ContainerDetailView>('GET', `containers/${encodeURIComponent(name)}`).then(
        ({ history, memory }) =>
          current && setDetail({ history: withLater(history, came), samples: memory?.samples ?? [] }),
        () => current && setDetail((known) => known ?? { history: came, samples: [] }),
      );
    return () => {
      current = false;
      stop();
    };
  }, [name, anew, missed.value]);
  return detail;
}

/** An event that came while the answer was on its way may be in it. */
function withLater(history: readonly HealthEvent[], came: readonly HealthEvent[]): readonly HealthEvent[] {
  const known = new Set(history.map(({ seq }) => seq));
  return [...history, ...came.filter(({ seq }) => !known.has(seq))];
}
