import { useId, useMemo, useState } from 'preact/hooks';
import type { MemorySample, MemoryTrend } from '../client.js';
import { memorySeries } from '../model/memory-series.js';
import * as copy from '../words/copy/index.js';
import { bytes, time, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { MemoryPlot } from './memory-plot.js';

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
        <MemoryPlot series={series} limitBytes={limitBytes} restarts={restarts} onPoint={setPoint} />
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
