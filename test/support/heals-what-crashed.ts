import { expect, it } from 'vitest';
import type { MonitoredEngine } from './monitored-engine.js';
import type { RealEngine } from './real-engine.js';

/** What every real engine shows of healing. */
export function itHealsWhatCrashed(monitored: MonitoredEngine<RealEngine>): void {
  it('starts again what crashed or was killed', async () => {
    await monitored.run(['crashed', 'segfaulted', 'killed', 'bystander']);
    await monitored.watch();
    await monitored.crash('crashed', 1);
    await monitored.crash('segfaulted', 139);
    await monitored.kill('killed');
    for (const name of ['crashed', 'segfaulted', 'killed']) await monitored.healed(name);

    const exitOf = (name: string) =>
      monitored.events.find(({ type, container }) => type === 'container.exited' && container === name)?.data;
    expect(exitOf('crashed')).toMatchObject({ exitCode: 1 });
    expect(exitOf('segfaulted')).toMatchObject({ exitCode: 139, signal: 'SIGSEGV' });
    expect(exitOf('killed')).toMatchObject({ exitCode: 137, signal: 'SIGKILL' });
    expect(monitored.launchesOf('bystander')).toEqual([]);
    expect(monitored.told).toEqual([]);
  }, 120_000);
}
