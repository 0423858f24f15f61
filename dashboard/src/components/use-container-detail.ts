import { useEffect, useState } from 'preact/hooks';
import type { ContainerDetailView, HealthEvent, MemorySample } from '../client.js';
import { call } from '../state/api.js';
import { config, loaded, onEvents } from '../state/monitor.js';

export interface ContainerDetail {
  readonly history: readonly HealthEvent[];
  readonly samples: readonly MemorySample[];
}

/** What only REST tells: history and older memory figures. Later ones come by the socket. */
export function useContainerDetail(name: string): ContainerDetail | null {
  const [detail, setDetail] = useState<ContainerDetail | null>(null);
  const live = loaded.value;
  useEffect(() => {
    let current = true;
    setDetail(null);
    const load = () =>
      call<ContainerDetailView>('GET', `containers/${encodeURIComponent(name)}`).then(
        ({ history, memory }) => current && setDetail({ history, samples: memory?.samples ?? [] }),
        () => current && setDetail((known) => known ?? { history: [], samples: [] }),
      );
    if (config.http === null) setDetail({ history: [], samples: [] });
    else if (live) void load();
    const stop = onEvents((events) => {
      const own = events.filter(({ container }) => container === name);
      if (own.length > 0) setDetail((known) => known && { ...known, history: [...known.history, ...own] });
    });
    return () => {
      current = false;
      stop();
    };
  }, [name, live]);
  return detail;
}
