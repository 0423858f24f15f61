import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  areaPath,
  byteTicks,
  linePath,
  nearest,
  stepPath,
  timeTicks,
  xOf,
  yOf,
  type Frame,
} from '../model/chart.js';
import { ceiling, type MemorySeries } from '../model/memory-series.js';
import * as copy from '../words/copy/index.js';
import { axisTime, bytes, time } from '../words/format.js';

const HEIGHT = 240;
/** The room around the lines, for sizes on the left and times at the foot, pixels. */
const ROOM = { left: 66, right: 8, top: 14, foot: 30 };
/** The least distances between two sizes and between two times, pixels. */
const GAPS = { sizes: 50, times: 70 };

interface MemoryPlotProps {
  readonly series: MemorySeries;
  readonly limitBytes: number | null;
  /** When it was started, milliseconds since 1970. */
  readonly restarts: readonly number[];
  /** Called with what stands under the cursor, in words; empty when nothing does. */
  readonly onPoint: (text: string) => void;
}

/** The drawing, with a cursor that pointer and arrow keys move. */
export function MemoryPlot({ series, limitBytes, restarts, onPoint }: MemoryPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [at, setAt] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const limit = shownLimit(series, limitBytes);
  const frame = frameOf(series, limit, width);
  const drawing = useMemo(
    () => <Drawing frame={frame} series={series} limit={limit} limitBytes={limitBytes} restarts={restarts} />,
    [series, limitBytes, width],
  );

  const text = at === null ? '' : pointText(series, at);
  useEffect(() => {
    onPoint(text);
    const timer = setTimeout(() => setSaid(text), 150);
    return () => clearTimeout(timer);
  }, [text]);

  const move = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 12 : 1;
    const from = at ?? series.nowIndex;
    const next = { ArrowLeft: from - step, ArrowRight: from + step, Home: 0, End: series.nowIndex }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    setAt(Math.min(series.nowIndex, Math.max(0, next)));
  };
  const point = ({ clientX }: PointerEvent) => {
    const x = clientX - (box.current?.getBoundingClientRect().left ?? 0);
    const share = (x - frame.left) / (frame.right - frame.left);
    setAt(nearest(series.times, frame.from + share * (frame.to - frame.from)));
  };

  return (
    <>
      <div
        class="plot"
        ref={box}
        tabIndex={0}
        role="application"
        aria-label={copy.container.chartKeys}
        onKeyDown={move}
        onPointerDown={point}
        onPointerMove={point}
        onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setAt(null)}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {drawing}
          {at !== null && <Cursor frame={frame} series={series} index={at} />}
        </svg>
      </div>
      <p class="hidden" aria-live="polite">
        {said}
      </p>
    </>
  );
}

function pointText({ times, used }: MemorySeries, index: number): string {
  const at = times[index];
  const value = used[index];
  return at === undefined || value == null ? '' : copy.container.chartAt(time(at * 1_000), bytes(value));
}

/** How wide an element is, as it is and as it becomes. */
function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return width;
}

/** A limit that is far above all that was used would press that flat. */
function shownLimit({ used, forecast }: MemorySeries, limitBytes: number | null): number | null {
  if (limitBytes === null) return null;
  return limitBytes < highestOf(used) * 6 || forecast.at(-1) === limitBytes ? limitBytes : null;
}

const highestOf = (used: MemorySeries['used']): number => Math.max(...used.map((value) => value ?? 0));

const frameOf = ({ times, used }: MemorySeries, limit: number | null, width: number): Frame => ({
  left: ROOM.left,
  right: Math.max(ROOM.left, width - ROOM.right),
  top: ROOM.top,
  foot: HEIGHT - ROOM.foot,
  from: times[0] ?? 0,
  to: times.at(-1) ?? 0,
  highest: ceiling(Math.max(highestOf(used), limit ?? 0) * 1.12),
});

interface DrawingProps {
  readonly frame: Frame;
  readonly series: MemorySeries;
  /** The limit where it is drawn as a line. */
  readonly limit: number | null;
  readonly limitBytes: number | null;
  readonly restarts: readonly number[];
}

/** Labels stand on the lines, each at a place of its own: limit left, forecast right, now at the foot. */
function Drawing({ frame, series, limit, limitBytes, restarts }: DrawingProps) {
  const { left, right, top, foot } = frame;
  const { times, used, floor, nowIndex } = series;
  const words = copy.container;
  return (
    <>
      <Axes frame={frame} />
      <path class="use-area" d={areaPath(frame, times, used)} />
      <path class="use-line" d={linePath(frame, times, used)} />
      <path class="floor-line" d={stepPath(frame, times, floor)} />
      {limit !== null && <path class="limit-line" d={`M${left} ${yOf(frame, limit)}H${right}`} />}
      <text
        class={limit === null ? 'label' : 'label bad'}
        x={left + 6}
        y={limit === null ? top + 12 : yOf(frame, limit) - 6}
      >
        {limitBytes === null ? words.noLimit : words.limit(limitBytes)}
      </text>
      {times.length > nowIndex + 1 && <Forecast frame={frame} series={series} />}
      <FloorLabel frame={frame} series={series} />
      {restarts
        .map((restart) => xOf(frame, restart / 1_000))
        .filter((x) => x > left && x < right)
        .map((x) => (
          <path key={x} class="restart-tick" d={`M${x} ${foot}v-8`} />
        ))}
    </>
  );
}

function Axes({ frame }: { frame: Frame }) {
  const { left, right, foot } = frame;
  return (
    <>
      {byteTicks(frame, GAPS.sizes).map((size) => (
        <g key={size}>
          <path class="grid-line" d={`M${left} ${yOf(frame, size)}H${right}`} />
          <text class="size" x={left - 5} y={yOf(frame, size) + 4}>
            {size === 0 ? '0' : bytes(size)}
          </text>
        </g>
      ))}
      {timeTicks(frame, GAPS.times).map((at) => (
        <g key={at}>
          <path class="grid-line" d={`M${xOf(frame, at)} ${foot}v5`} />
          <text class="time" x={xOf(frame, at)} y={foot + 20}>
            {axisTime(at * 1_000)}
          </text>
        </g>
      ))}
    </>
  );
}

function Forecast({ frame, series }: { frame: Frame; series: MemorySeries }) {
  const { times, forecast, nowIndex } = series;
  const end = forecast.at(-1) ?? 0;
  const ends = [nowIndex, times.length - 1];
  const now = xOf(frame, times[nowIndex] ?? 0);
  const path = linePath(
    frame,
    ends.map((index) => times[index] ?? 0),
    ends.map((index) => forecast[index] ?? 0),
  );
  return (
    <>
      <path class="forecast-line" d={path} />
      <path class="now-line" d={`M${now} ${frame.top}V${frame.foot}`} />
      <text class="label end" x={now - 6} y={frame.foot - 8}>
        {copy.container.now}
      </text>
      <text class="label end warn" x={frame.right - 4} y={yOf(frame, end * 0.86)}>
        {copy.container.forecast}
      </text>
    </>
  );
}

function FloorLabel({ frame, series: { times, floor, nowIndex } }: { frame: Frame; series: MemorySeries }) {
  const index = Math.floor(nowIndex * 0.3);
  const [at, size] = [times[index], floor[index]];
  if (at === undefined || size == null) return null;
  const y = yOf(frame, size);
  return (
    <text class="label strong" x={xOf(frame, at)} y={y + (frame.foot - y < 24 ? -8 : 16)}>
      {copy.container.floor}
    </text>
  );
}

function Cursor({
  frame,
  series: { times, used },
  index,
}: {
  frame: Frame;
  series: MemorySeries;
  index: number;
}) {
  const [at, size] = [times[index], used[index]];
  if (at === undefined || size == null) return null;
  const x = xOf(frame, at);
  return (
    <>
      <path class="cursor-line" d={`M${x} ${frame.top}V${frame.foot}`} />
      <circle class="cursor-point" cx={x} cy={yOf(frame, size)} r="3.5" />
    </>
  );
}
