import { InMemoryRuntime } from '../../src/testing/index.js';
import { describeContainerRuntime } from './container-runtime.contract.js';

describeContainerRuntime('InMemoryRuntime', () => {
  const runtime = new InMemoryRuntime();
  const nameOf = async (id: string) => (await runtime.inspect(id)).name;
  return Promise.resolve({
    runtime,
    run: (name, labels) => Promise.resolve(runtime.add({ name, labels, log: ['ready'] })),
    runInNamespacesOf: (name, other) =>
      Promise.resolve(runtime.add({ name, sharesNamespaces: { [other]: ['network', 'ipc'] } })),
    runInPod: (name, pod) => Promise.resolve(runtime.add({ name, pod })),
    create: (name) => Promise.resolve(runtime.add({ name, state: 'created' })),
    runUnhealthy: (name) => {
      const id = runtime.add({ name, health: 'starting' });
      runtime.setHealth(name, 'unhealthy');
      return Promise.resolve(id);
    },
    crash: async (id, code) => runtime.crash(await nameOf(id), code),
    dispose: () => Promise.resolve(),
  });
});
