import { DockerRuntime } from '../../src/health-monitor/runtime/docker/docker.runtime.js';
import { describeWithDocker, DockerEngine, whyNoDocker } from '../docker/docker-engine.js';
import { describeContainerRuntime } from './container-runtime.contract.js';
import { dockerHarness } from './docker.harness.js';

describeWithDocker(
  'Docker',
  () =>
    describeContainerRuntime('DockerRuntime', async () =>
      dockerHarness(
        await DockerEngine.start(),
        ({ socketPath }) => new DockerRuntime({ socketPath, timeoutMs: 10_000 }),
      ),
    ),
  await whyNoDocker(),
);
