import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { type DockerEngine } from '../docker/docker-engine.js';
import { until } from '../support/until.js';
import { type RuntimeHarness } from './container-runtime.contract.js';
import { engineHarness } from './engine.harness.js';

/** Lets the contract suite loose on a real Docker, which it disposes of in the end. */
export function dockerHarness(
  engine: DockerEngine,
  connect: (engine: DockerEngine) => ContainerRuntime,
): RuntimeHarness {
  return {
    // Only what is shareable can be shared.
    ...engineHarness(engine, connect(engine), ['--ipc', 'shareable']),
    runUnhealthy: async (name) => {
      const check = ['--health-cmd', 'false', '--health-retries', '1', '--health-interval', '1s'];
      const id = await engine.run(name, { args: check });
      const isUnhealthy = async () =>
        (await engine.docker('inspect', '--format', '{{.State.Health.Status}}', id)) === 'unhealthy';
      await until(isUnhealthy, 'its check has failed', 30_000);
      return id;
    },
    commandsIn: (id) => engine.commandsIn(id),
  };
}
