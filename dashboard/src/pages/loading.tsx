import { useEffect, useState } from 'preact/hooks';
import { connection } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';

/** Outlines of what is to come; words only when it takes long. */
export function LoadingPage() {
  const [stage, setStage] = useState<'blank' | 'outline' | 'slow'>('blank');
  useEffect(() => {
    const timers = [setTimeout(() => setStage('outline'), 300), setTimeout(() => setStage('slow'), 8_000)];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <main id="main" class="page" aria-busy="true" data-stage={stage}>
      <h1 class={stage === 'slow' ? '' : 'hidden'} tabIndex={-1}>
        {stage === 'slow' ? copy.loading.slow : copy.loading.label}
      </h1>
      {stage === 'slow' && <p class="detail">{connection.value.reason ?? copy.loading.unknown}</p>}
      {stage !== 'blank' && (
        <div class="outlines" aria-hidden="true">
          <span class="outline title" />
          <span class="outline line" />
          <span class="outline block" />
          <span class="outline-tiles">
            {Array.from({ length: 12 }, (_, index) => (
              <span key={index} class="outline tile-outline" />
            ))}
          </span>
        </div>
      )}
    </main>
  );
}
