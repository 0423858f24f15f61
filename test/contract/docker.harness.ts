import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { type DockerEngine } from '../docker/docker-engine.js';
import { IMAGE, until } from '../podman/podman-engine.js';
import { type RuntimeHarness } from './container-runtime.contract.js';

/** Lets the contract suite loose on a real Docker, which it disposes of in the end. */
export function dockerHarness(
  engine: DockerEngine,
  connect: (engine: DockerEngine) => ContainerRuntime,
): RuntimeHarness {
  return {
    runtime: connect(engine),
    storageRoot: engine.storageRoot,
    createWithVolumes: async (name) => {
      const toRead = join(engine.directory, `${name}-to-read`);
      await mkdir(toRead, { recursive: true });
      await engine.docker('volume', 'create', `${name}-data`);
      const volumes = ['-v', `${name}-data:/data`, '-v', `${toRead}:/to-read:ro`];
      const id = await engine.docker(
        'create',
        '--name',
        name,
        '--network',
        'none',
        ...volumes,
        IMAGE,
        'true',
      );
      const toWrite = await engine.docker('volume', 'inspect', '--format', '{{.Mountpoint}}', `${name}-data`);
      return { id, toWrite, toRead };
    },
    run: (name, labels = {}) =>
      engine.run(name, {
        // Only what is shareable can be shared.
        args: [
          '--ipc',
          'shareable',
          ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        ],
      }),
    runInNamespacesOf: (name, other) =>
      engine.run(name, { args: ['--network', `container:${other}`, '--ipc', `container:${other}`] }),
    runOnHostNetwork: (name) => engine.run(name, { args: ['--network', 'host'] }),
    createPublished: (name) =>
      engine.docker('create', '--name', name, '-p', '127.0.0.1:18080:80', '-p', '18081:81', IMAGE, 'true'),
    create: (name) => engine.create(name),
    runUnhealthy: async (name) => {
      const check = ['--health-cmd', 'false', '--health-retries', '1', '--health-interval', '1s'];
      const id = await engine.run(name, { args: check });
      const isUnhealthy = async () =>
        (await engine.docker('inspect', '--format', '{{.State.Health.Status}}', id)) === 'unhealthy';
      await until(isUnhealthy, 'its check has failed', 30_000);
      return id;
    },
    crash: (id, code) => engine.crash(id, code),
    commandsIn: (id) => engine.commandsIn(id),
    dispose: () => engine.dispose(),
  };
}
