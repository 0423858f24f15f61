import { PodmanApiRuntime } from '../../src/health-monitor/runtime/podman/podman-api.runtime.js';
import { PodmanCliRuntime } from '../../src/health-monitor/runtime/podman/podman-cli.runtime.js';
import { type ContainerRuntime } from '../../src/health-monitor/runtime/index.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from '../podman/podman-engine.js';
import { describeContainerRuntime, type RuntimeHarness } from './container-runtime.contract.js';

const TIMEOUT_MS = 10_000;

describeWithPodman(
  'Podman',
  () => {
    describeContainerRuntime('PodmanApiRuntime', () =>
      startHarness(({ socketPath }) => new PodmanApiRuntime({ socketPath, timeoutMs: TIMEOUT_MS })),
    );
    describeContainerRuntime('PodmanCliRuntime', () =>
      startHarness(({ command }) => new PodmanCliRuntime({ command, timeoutMs: TIMEOUT_MS })),
    );
  },
  await whyNoPodman(),
);

async function startHarness(connect: (engine: PodmanEngine) => ContainerRuntime): Promise<RuntimeHarness> {
  const engine = await PodmanEngine.start();
  return {
    runtime: connect(engine),
    run: (name, labels = {}) =>
      engine.run(name, {
        args: Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      }),
    create: (name) => engine.create(name),
    crash: (id, code) => engine.crash(id, code),
    dispose: () => engine.dispose(),
  };
}
