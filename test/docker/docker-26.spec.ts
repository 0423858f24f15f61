import { describe } from 'vitest';
import { DockerRuntime } from '../../src/health-monitor/runtime/docker/docker.runtime.js';
import { describeContainerRuntime } from '../contract/container-runtime.contract.js';
import { dockerHarness } from '../contract/docker.harness.js';
import { inDebian13, whyNoDebian13 } from '../support/debian-13.js';
import { describeWithDocker, DockerEngine } from './docker-engine.js';
import { describeHealing } from './healing.js';

describeWithDocker(
  'Docker 26',
  () => {
    describeContainerRuntime('DockerRuntime on Docker 26', async () =>
      dockerHarness(
        await DockerEngine.start(inDebian13),
        ({ socketPath }) => new DockerRuntime({ socketPath, timeoutMs: 10_000 }),
      ),
    );
    describe('healing on Docker 26', () => describeHealing({ stops: 8, fleet: 5 }, inDebian13));
  },
  await whyNoDebian13(),
);
