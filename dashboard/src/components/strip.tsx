import type { StatusSpan } from '../client.js';
import { segments, stripSentence } from '../model/strip.js';
import { clock } from '../state/clock.js';
import * as copy from '../words/copy/index.js';
import { time } from '../words/format.js';
import { TONES } from './status-badge.js';

const WIDTH = 1_000;
const HEIGHT = 32;
/** However short it was, it is seen. */
const NARROWEST = 4;
/** Height repeats what the colour says. */
const HEIGHTS: Record<string, number> = { good: 4, busy: 10, warn: 14, bad: 24, held: 6, rest: 6 };

/** The last 24 hours. Width is time; heights and words say the same as the colours. */
export function Strip({ spans }: { spans: readonly StatusSpan[] }) {
  const now = clock.value;
  const all = segments(spans, now);
  const ticks = [0, 6, 12, 18].map((hours) => ({
    x: (hours / 24) * WIDTH,
    at: now - (24 - hours) * 3_600_000,
  }));
  return (
    <figure class="strip-figure">
      <svg
        class="strip"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        {ticks.slice(1).map(({ x }) => (
          <line key={x} class="strip-tick" x1={x} x2={x} y1={0} y2={HEIGHT} />
        ))}
        {all.map(({ status, x, width, from, to }) => {
          const tone = TONES[status];
          const height = HEIGHTS[tone] ?? 4;
          if (status === 'not-watched') {
            return (
              <line
                key={from}
                class="strip-gap"
                x1={x * WIDTH}
                x2={(x + width) * WIDTH}
                y1={HEIGHT - 3}
                y2={HEIGHT - 3}
              />
            );
          }
          return (
            <rect
              key={from}
              data-tone={tone}
              x={Math.min(x * WIDTH, WIDTH - NARROWEST)}
              width={Math.max(NARROWEST, width * WIDTH)}
              y={HEIGHT - height}
              height={height}
            >
              <title>{copy.strip.span(copy.status[status], time(from), time(to))}</title>
            </rect>
          );
        })}
      </svg>
      <div class="strip-axis" aria-hidden="true">
        {ticks.map(({ at }) => (
          <span key={at}>{time(at)}</span>
        ))}
        <span>{copy.container.now}</span>
      </div>
      <figcaption>{stripSentence(spans, now)}</figcaption>
    </figure>
  );
}
