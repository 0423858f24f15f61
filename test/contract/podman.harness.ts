import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { IMAGE, type PodmanEngine } from '../podman/podman-engine.js';
import { type RuntimeHarness } from './container-runtime.contract.js';

/** Lets the contract suite loose on a real Podman, which it disposes of in the end. */
export function podmanHarness(
  engine: PodmanEngine,
  connect: (engine: PodmanEngine) => ContainerRuntime,
  more: Pick<RuntimeHarness, 'commandsIn'> = {},
): RuntimeHarness {
  return {
    runtime: connect(engine),
    run: (name, labels = {}) =>
      engine.run(name, {
        args: Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      }),
    runInNamespacesOf: (name, other) =>
      engine.run(name, { args: ['--network', `container:${other}`, '--ipc', `container:${other}`] }),
    runInPod: async (name, pod, infra) => {
      await engine.createPod(pod, infra);
      return engine.run(name, { args: ['--pod', pod] });
    },
    runOnHostNetwork: (name) => engine.run(name, { args: ['--network', 'host'] }),
    createPublished: (name) =>
      engine.podman('create', '--name', name, '-p', '127.0.0.1:18080:80', '-p', '18081:81', IMAGE, 'true'),
    storageRoot: engine.storageRoot,
    createWithVolumes: async (name) => {
      const toRead = engine.directory;
      await engine.podman('volume', 'create', `${name}-data`);
      const volumes = ['-v', `${name}-data:/data`, '-v', `${toRead}:/films:ro`];
      const id = await engine.podman(
        'create',
        '--name',
        name,
        '--network',
        'none',
        ...volumes,
        IMAGE,
        'true',
      );
      const toWrite = await engine.podman('volume', 'inspect', '--format', '{{.Mountpoint}}', `${name}-data`);
      return { id, toWrite, toRead };
    },
    create: (name) => engine.create(name),
    runUnhealthy: async (name) => {
      const id = await engine.run(name, { args: ['--health-cmd', 'false', '--health-retries', '1'] });
      await engine.runHealthCheck(id);
      return id;
    },
    crash: (id, code) => engine.crash(id, code),
    dispose: () => engine.dispose(),
    ...more,
  };
}

/** The same through its API, which ends what is given up. */
export function podmanApiHarness(
  engine: PodmanEngine,
  connect: (engine: PodmanEngine) => ContainerRuntime,
): RuntimeHarness {
  return podmanHarness(engine, connect, { commandsIn: (id) => engine.podman('top', id, 'args') });
}
