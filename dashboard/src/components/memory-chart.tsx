import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { MemorySample, MemoryTrend } from '../client.js';
import { ceiling, memorySeries, type MemorySeries } from '../model/memory-series.js';
import { theme } from '../state/preferences.js';
import * as copy from '../words/copy/index.js';
import { axisTime, bytes, time, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';

interface MemoryChartProps {
  readonly samples: readonly MemorySample[];
  readonly trend: MemoryTrend | null;
  readonly limitBytes: number | null;
  readonly usedBytes: number;
  /** When it was started, milliseconds since 1970: drawn as ticks. */
  readonly restarts: readonly number[];
  /** What the figure says. Default: the trend's sentence, else how much is in use. */
  readonly sentence?: string;
}

/** Used memory, its floor, and where that leads. The figure's name is the sentence that says so. */
export function MemoryChart(props: MemoryChartProps) {
  const { samples, trend, limitBytes, usedBytes, restarts } = props;
  const [asTable, setAsTable] = useState(false);
  const [point, setPoint] = useState('');
  const id = useId();
  const series = useMemo(
    () =>
      memorySeries(
        samples,
        trend,
        limitBytes,
        restarts.map((at) => at / 1_000),
      ),
    [samples, trend, limitBytes, restarts.join()],
  );
  const last = samples.at(-1);
  const use =
    usedBytes === 0 && last
      ? copy.container.usedLast(time(Date.parse(last.at)), last.usedBytes, limitBytes)
      : copy.container.usedNow(usedBytes, limitBytes);
  const usual = trend ? upperFirst(shown(trend.reason, 300)) : use;
  const sentence = props.sentence ?? usual;
  if (samples.length < 2) return <p class="reason">{sentence}</p>;
  return (
    <figure class="memory-figure" aria-labelledby={id}>
      <figcaption id={id}>
        {sentence} {trend && !trend.leaking && props.sentence === undefined && use}
      </figcaption>
      {asTable ? (
        <MemoryTable samples={samples} />
      ) : (
        <Plot series={series} limitBytes={limitBytes} restarts={restarts} onPoint={setPoint} />
      )}
      <div class="plot-foot">
        <button type="button" class="button small" onClick={() => setAsTable(!asTable)}>
          {asTable ? copy.container.asChart : copy.container.asTable}
        </button>
        <span class="plot-value" aria-hidden="true">
          {!asTable && point}
        </span>
      </div>
    </figure>
  );
}

function MemoryTable({ samples }: { samples: readonly MemorySample[] }) {
  const hourly = samples.filter((_, index) => (samples.length - 1 - index) % 12 === 0).reverse();
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={copy.container.memory}>
      <table>
        <thead>
          <tr>
            <th scope="col">{copy.incident.when}</th>
            <th scope="col">{copy.container.used}</th>
          </tr>
        </thead>
        <tbody>
          {hourly.map(({ at, usedBytes }) => (
            <tr key={at}>
              <td>{time(Date.parse(at))}</td>
              <td>{bytes(usedBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const HEIGHT = 240;
/** Distances between the lines of the chart: round numbers in the units in which sizes are printed. */
const INCREMENTS = [1, 1024, 1024 ** 2, 1024 ** 3].flatMap((unit) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].map((factor) => factor * unit),
);
/** Seconds between the times below it, which are shown to the minute. */
const TIME_INCREMENTS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 4, 6, 8, 12, 24, 48, 96].map((hours) => hours * 3_600),
];
const FONT = '13px system-ui, sans-serif';

interface PlotProps {
  readonly series: MemorySeries;
  readonly limitBytes: number | null;
  readonly restarts: readonly number[];
  /** Called with what stands under the cursor, in words; empty when nothing does. */
  readonly onPoint: (text: string) => void;
}

function Plot({ series, limitBytes, restarts, onPoint }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const plot = useRef<uPlot | null>(null);
  const scheme = useScheme();

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = draw(element, series, limitBytes, restarts, setAt);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [series, limitBytes, scheme]);

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
    if (next === undefined || !plot.current) return;
    event.preventDefault();
    const index = Math.min(series.nowIndex, Math.max(0, next));
    setAt(index);
    const left = plot.current.valToPos(series.times[index] ?? 0, 'x');
    plot.current.setCursor({ left, top: plot.current.valToPos(series.used[index] ?? 0, 'y') });
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
      />
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

/** Changes whenever the colours do. */
function useScheme(): string {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setDark(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return `${theme.value} ${dark}`;
}

type ColourName = 'ink' | 'ink-2' | 'accent' | 'wash' | 'warn' | 'bad' | 'line' | 'card';

/** A canvas knows no custom properties: asks the browser for what they come to. */
function coloursOf(element: HTMLElement): Record<ColourName, string> {
  const probe = document.createElement('span');
  element.append(probe);
  const names: ColourName[] = ['ink', 'ink-2', 'accent', 'wash', 'warn', 'bad', 'line', 'card'];
  const entries = names.map((name) => {
    probe.className = `probe-${name}`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<ColourName, string>;
}

function draw(
  element: HTMLElement,
  series: MemorySeries,
  limitBytes: number | null,
  restarts: readonly number[],
  onCursor: (index: number | null) => void,
): uPlot {
  const colour = coloursOf(element);
  const highest = Math.max(...series.used.map((value) => value ?? 0));
  const limitShown =
    limitBytes !== null && (limitBytes < highest * 6 || series.forecast.at(-1) === limitBytes);
  const top = ceiling(Math.max(highest, limitShown ? limitBytes : 0) * 1.12);
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [14, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: [0, top] } },
    axes: [
      {
        stroke: colour['ink-2'],
        font: FONT,
        size: 30,
        grid: { show: false },
        ticks: { stroke: colour.line, size: 5 },
        space: 70,
        incrs: TIME_INCREMENTS,
        values: (_, splits) => splits.map((split) => axisTime(split * 1_000)),
      },
      {
        stroke: colour['ink-2'],
        font: FONT,
        size: 66,
        grid: { stroke: colour.line, width: 1 },
        ticks: { show: false },
        values: (_, splits) => splits.map((split) => (split === 0 ? '0' : bytes(split))),
        space: 50,
        incrs: INCREMENTS,
      },
    ],
    series: [
      {},
      { stroke: colour.accent, fill: colour.wash, width: 1.5, points: { show: false } },
      { stroke: colour.ink, width: 1.5, points: { show: false }, ...(steps && { paths: steps }) },
      { stroke: colour.warn, width: 2, dash: [6, 5], points: { show: false }, spanGaps: true },
    ],
    hooks: {
      setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)],
      draw: [(plot) => annotate(plot, series, limitShown ? limitBytes : null, limitBytes, restarts, colour)],
    },
  };
  return new uPlot(
    options,
    [series.times, series.used, series.floor, series.forecast] as unknown as uPlot.AlignedData,
    element,
  );
}

/** Labels stand on the lines, each at a place of its own: limit left, forecast right, now at the foot. */
function annotate(
  plot: uPlot,
  series: MemorySeries,
  drawn: number | null,
  limitBytes: number | null,
  restarts: readonly number[],
  colour: Record<ColourName, string>,
): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  const foot = bbox.top + bbox.height;
  const x = (at: number) => plot.valToPos(at, 'x', true);
  const y = (value: number) => plot.valToPos(value, 'y', true);
  const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, dash: number[]) => {
    ctx.beginPath();
    ctx.setLineDash(dash.map((length) => length * ratio));
    ctx.strokeStyle = stroke;
    ctx.lineWidth = 1.5 * ratio;
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  };
  const label = (text: string, left: number, base: number, fill: string, align: CanvasTextAlign) => {
    ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = align;
    ctx.textBaseline = 'alphabetic';
    ctx.lineWidth = 4 * ratio;
    ctx.lineJoin = 'round';
    ctx.setLineDash([]);
    ctx.strokeStyle = colour.card;
    ctx.strokeText(text, left, base);
    ctx.fillStyle = fill;
    ctx.fillText(text, left, base);
  };
  ctx.save();
  if (drawn !== null) {
    line(bbox.left, y(drawn), right, y(drawn), colour.bad, [2, 4]);
    label(copy.container.limit(drawn), bbox.left + 6 * ratio, y(drawn) - 6 * ratio, colour.bad, 'left');
  } else {
    const text = limitBytes === null ? copy.container.noLimit : copy.container.limit(limitBytes);
    label(text, bbox.left + 6 * ratio, bbox.top + 12 * ratio, colour['ink-2'], 'left');
  }
  const now = series.times[series.nowIndex];
  if (now !== undefined && series.times.length > series.nowIndex + 1) {
    line(x(now), bbox.top, x(now), foot, colour['ink-2'], [1, 3]);
    label(copy.container.now, x(now) - 6 * ratio, foot - 8 * ratio, colour['ink-2'], 'right');
    const end = series.forecast.at(-1);
    if (end != null) label(copy.container.forecast, right - 4 * ratio, y(end * 0.86), colour.warn, 'right');
  }
  const floor = series.floor[Math.floor(series.nowIndex * 0.3)];
  const floorAt = series.times[Math.floor(series.nowIndex * 0.3)];
  if (floor != null && floorAt !== undefined) {
    label(
      copy.container.floor,
      x(floorAt),
      y(floor) + (foot - y(floor) < 24 * ratio ? -8 : 16) * ratio,
      colour.ink,
      'left',
    );
  }
  for (const restart of restarts) {
    const left = x(restart / 1_000);
    if (left > bbox.left && left < right) line(left, foot - 8 * ratio, left, foot, colour.ink, []);
  }
  ctx.restore();
}
