import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { IMAGE, type RealEngine } from '../support/real-engine.js';
import { type RuntimeHarness } from './container-runtime.contract.js';

/** Lets the contract suite loose on a real engine, which it disposes of in the end; `args` are of all that it runs. */
export function engineHarness(
  engine: RealEngine,
  runtime: ContainerRuntime,
  args: readonly string[] = [],
): Omit<RuntimeHarness, 'runUnhealthy'> {
  const create = (name: string, ...how: string[]) =>
    engine.cli('create', '--name', name, ...how, IMAGE, 'true');
  return {
    runtime,
    storageRoot: engine.storageRoot,
    run: (name, labels = {}) =>
      engine.run(name, {
        args: [...args, ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`])],
      }),
    runInNamespacesOf: (name, other) =>
      engine.run(name, { args: ['--network', `container:${other}`, '--ipc', `container:${other}`] }),
    runOnHostNetwork: (name) => engine.run(name, { args: ['--network', 'host'] }),
    create: (name) => engine.create(name),
    createPublished: (name) => create(name, '-p', '127.0.0.1:18080:80', '-p', '18081:81'),
    createWithVolumes: async (name) => {
      const toRead = join(engine.directory, `${name}-to-read`);
      await mkdir(toRead, { recursive: true });
      const volume = `${name}-data`;
      await engine.cli('volume', 'create', volume);
      const volumes = ['-v', `${volume}:/data`, '-v', `${toRead}:/to-read:ro`];
      const id = await create(name, '--network', 'none', ...volumes);
      return {
        id,
        toWrite: await engine.cli('volume', 'inspect', '--format', '{{.Mountpoint}}', volume),
        toRead,
      };
    },
    crash: (id, code) => engine.crash(id, code),
    dispose: () => engine.dispose(),
  };
}
