import { setTimeout as wait } from 'node:timers/promises';

/** How long a container was down after it was made to exit with `code`, by the engine's own clock; milliseconds. */
export async function downtime(engine, name, code) {
  const { StartedAt: before } = (await engine.inspect(name)).State;
  await engine.crash(name, code);
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(100)) {
    const { Status, StartedAt, FinishedAt } = (await engine.inspect(name)).State;
    if (Status === 'running' && StartedAt !== before)
      return Number(nanoseconds(StartedAt) - nanoseconds(FinishedAt)) / 1e6;
  }
  throw new Error(`${name} did not come back within a minute.`);
}

/** Since 1970, of a time such as `2026-01-01T00:00:00.123456789Z`. */
function nanoseconds(time) {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  return BigInt(Math.floor(Date.parse(time) / 1_000)) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}
