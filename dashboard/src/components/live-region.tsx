import { useEffect, useRef, useState } from 'preact/hooks';
import { causeName, type HealthEvent } from '../client.js';
import { onEvents } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';

/** At most one sentence in this time, milliseconds. */
const PAUSE_MS = 5_000;

/** Tells screen readers of problems that open and end, summed up. */
export function LiveRegion() {
  const [sentence, setSentence] = useState('');
  const queue = useRef({ opened: new Set<string>(), ended: new Set<string>(), timer: 0 });
  useEffect(() => {
    const { current } = queue;
    const say = () => {
      current.timer = 0;
      const parts = [
        ...(current.opened.size > 0 ? [copy.live.opened([...current.opened])] : []),
        ...(current.ended.size > 0 ? [copy.live.ended([...current.ended])] : []),
      ];
      current.opened.clear();
      current.ended.clear();
      if (parts.length === 0) return;
      setSentence(parts.join(' '));
      current.timer = window.setTimeout(say, PAUSE_MS);
    };
    const stop = onEvents((events) => {
      for (const event of events) note(event, current);
      if (current.timer === 0) say();
    });
    return () => {
      stop();
      clearTimeout(current.timer);
    };
  }, []);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {sentence}
    </p>
  );
}

function note(event: HealthEvent, { opened, ended }: { opened: Set<string>; ended: Set<string> }): void {
  if (event.type !== 'incident.opened' && event.type !== 'incident.resolved') return;
  const { cause, kind } = event.data.incident;
  if (kind === 'engine') return;
  const name = shown(causeName(cause, 'the engine'));
  if (event.type === 'incident.opened') {
    ended.delete(name);
    opened.add(name);
  } else if (!opened.delete(name)) {
    ended.add(name);
  }
}
