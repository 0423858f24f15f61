// Plays traces to a detector, one sample at a time, and counts what it says.
const HOUR_SAMPLES = 12;
const WEEK_SAMPLES = 168 * HOUR_SAMPLES;
/** An alarm that comes back sooner is the same alarm. */
const SAME_ALARM_SAMPLES = 6 * HOUR_SAMPLES;

/** An alarm on a leak is right from the moment on when it amounts to 5 % (2 MiB at least); before, it is false. */
export function play(make, { leak, samples, limitBytes, onset, due, kills }) {
  const detector = make();
  const [alarms, raised] = [[], []];
  for (const sample of samples) {
    if (!detector.push(sample, limitBytes)) continue;
    if (sample.i - (raised.at(-1) ?? -Infinity) > SAME_ALARM_SAMPLES) alarms.push(sample.i);
    raised.push(sample.i);
  }
  const rightFrom = leak ? (due ?? Infinity) : Infinity;
  const hit = raised.find((i) => i >= rightFrom);
  return {
    leak,
    found: hit !== undefined,
    falseAlarms: alarms.filter((i) => i < rightFrom).length,
    weeksWithout: Math.min(rightFrom, samples.length) / WEEK_SAMPLES,
    delayHours: hit === undefined ? null : (hit - onset) / HOUR_SAMPLES,
    warned: kills.length === 0 ? null : hit !== undefined && kills[0] - hit >= HOUR_SAMPLES,
    samples: samples.length,
  };
}

export function sumUp(results) {
  const leaks = results.filter(({ leak }) => leak);
  const found = leaks.filter((result) => result.found).length;
  const wrong = results.filter(({ falseAlarms }) => falseAlarms > 0).length;
  const precision = found / Math.max(1, found + wrong);
  const recall = found / Math.max(1, leaks.length);
  const delays = leaks
    .flatMap(({ delayHours }) => (delayHours === null ? [] : [delayHours]))
    .sort((a, b) => a - b);
  const killed = results.filter(({ warned }) => warned !== null);
  const weeks = results.reduce((sum, { weeksWithout }) => sum + weeksWithout, 0);
  const falseAlarms = results.reduce((sum, result) => sum + result.falseAlarms, 0);
  return {
    F1: (2 * precision * recall) / Math.max(1e-9, precision + recall),
    found: `${found}/${leaks.length}`,
    'false alarms a week': falseAlarms / Math.max(1e-9, weeks),
    'median delay, h': delays[delays.length >> 1] ?? null,
    'warned 1 h before a kill': `${killed.filter(({ warned }) => warned).length}/${killed.length}`,
  };
}
