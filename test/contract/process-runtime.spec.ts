import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { ProcessRuntime, type ServiceSpec } from '../../demo/process-runtime/index.js';
import { describeContainerRuntime } from './container-runtime.contract.js';

// The demo imports the package by its name; here that is the source.
vi.mock('@archipelago/health-monitor', () => import('../../src/health-monitor/runtime/index.js'));

const service = fileURLToPath(new URL('../../demo/services/service.mjs', import.meta.url));

describeContainerRuntime('ProcessRuntime', () => {
  const runtime = new ProcessRuntime();
  const create = (name: string, more: Pick<ServiceSpec, 'labels' | 'healthCheck'> = {}): string =>
    runtime.add({
      name,
      ...more,
      image: 'localhost/service:test',
      command: [process.execPath, service, name],
    });
  return Promise.resolve({
    runtime,
    runsCommands: false,
    asksBeforeActs: false,
    run: async (name, labels) => {
      const id = create(name, { labels });
      await runtime.start(id);
      return id;
    },
    runUnhealthy: async (name) => {
      const id = create(name, { healthCheck: { intervalMs: 50 } });
      await runtime.start(id);
      runtime.tell(name, 'sick out of disk');
      await vi.waitFor(async () => {
        if ((await runtime.inspect(id)).health !== 'unhealthy') throw new Error('It is not unhealthy yet.');
      }, 10_000);
      return id;
    },
    create: (name) => Promise.resolve(create(name)),
    crash: async (id, code) => {
      runtime.tell((await runtime.inspect(id)).name, `exit ${code}`);
      await vi.waitFor(async () => {
        if ((await runtime.inspect(id)).state !== 'exited') throw new Error('It has not exited yet.');
      }, 10_000);
    },
    dispose: () => runtime.close(),
  });
});
