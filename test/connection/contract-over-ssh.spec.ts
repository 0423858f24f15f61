import { DEFAULT_OPTIONS } from '../../src/common/options/index.js';
import { createEngineRuntime } from '../../src/health-monitor/runtime/index.js';
import { describeContainerRuntime, type RuntimeHarness } from '../contract/container-runtime.contract.js';
import { podmanHarness } from '../contract/podman.harness.js';
import { describeWithPodman, PodmanEngine, whyNoPodman } from '../podman/podman-engine.js';
import { hasOpenSsh, SshServer } from './ssh-server.js';

/** A real Podman, as one of another host. */
async function podmanOverSsh(): Promise<RuntimeHarness> {
  const [server, engine] = await Promise.all([SshServer.start(), PodmanEngine.start()]);
  const ssh = { kind: 'podman', ssh: 'attic', sshConfig: server.config() } as const;
  const harness = podmanHarness(engine, ({ socketPath }) =>
    createEngineRuntime({ ...DEFAULT_OPTIONS.runtime, ...ssh, socketPath }),
  );
  return {
    ...harness,
    isRemote: true,
    dispose: async () => {
      await harness.runtime.disconnect();
      await harness.dispose();
      await server.stop();
    },
  };
}

describeWithPodman(
  'Podman of another host, over SSH',
  () => describeContainerRuntime('PodmanApiRuntime over SSH', podmanOverSsh),
  hasOpenSsh ? await whyNoPodman() : 'there is no OpenSSH',
);
