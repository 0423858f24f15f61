import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { type PodmanEngine } from '../podman/podman-engine.js';
import { type RuntimeHarness } from './container-runtime.contract.js';
import { engineHarness } from './engine.harness.js';

/** Lets the contract suite loose on a real Podman, which it disposes of in the end. */
export function podmanHarness(
  engine: PodmanEngine,
  connect: (engine: PodmanEngine) => ContainerRuntime,
  more: Pick<RuntimeHarness, 'commandsIn'> = {},
): RuntimeHarness {
  return {
    ...engineHarness(engine, connect(engine)),
    runInPod: async (name, pod, infra) => {
      await engine.createPod(pod, infra);
      return engine.run(name, { args: ['--pod', pod] });
    },
    runUnhealthy: async (name) => {
      const id = await engine.run(name, { args: ['--health-cmd', 'false', '--health-retries', '1'] });
      await engine.runHealthCheck(id);
      return id;
    },
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
