import { PodmanApiRuntime } from '../../src/health-monitor/runtime/podman/podman-api.runtime.js';
import { PodmanCliRuntime } from '../../src/health-monitor/runtime/podman/podman-cli.runtime.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from '../podman/podman-engine.js';
import { describeContainerRuntime } from './container-runtime.contract.js';
import { podmanApiHarness, podmanHarness } from './podman.harness.js';

describeWithPodman(
  'Podman',
  () => {
    describeContainerRuntime('PodmanApiRuntime', async () =>
      podmanApiHarness(
        await PodmanEngine.start(),
        ({ socketPath }) => new PodmanApiRuntime({ socketPath, timeoutMs: 10_000 }),
      ),
    );
    describeContainerRuntime('PodmanCliRuntime', async () =>
      podmanHarness(
        await PodmanEngine.start(),
        ({ command }) => new PodmanCliRuntime({ command, timeoutMs: 10_000 }),
      ),
    );
  },
  await whyNoPodman(),
);
