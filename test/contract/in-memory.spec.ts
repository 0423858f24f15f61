import { InMemoryRuntime } from '../../src/testing/index.js';
import { describeContainerRuntime } from './container-runtime.contract.js';
import { scriptedShell } from './scripted-shell.js';

describeContainerRuntime('InMemoryRuntime', () => {
  const storageRoot = '/var/lib/containers/storage';
  const runtime = new InMemoryRuntime({ storageRoot });
  const nameOf = async (id: string) => (await runtime.inspect(id)).name;
  return Promise.resolve({
    runtime,
    storageRoot,
    run: (name, labels) => {
      runtime.onExec(name, scriptedShell);
      return Promise.resolve(runtime.add({ name, labels, log: ['ready'] }));
    },
    runOnHostNetwork: (name) =>
      Promise.resolve(runtime.add({ name, reach: { published: [], addresses: [], hostNetwork: true } })),
    createPublished: (name) =>
      Promise.resolve(
        runtime.add({
          name,
          state: 'created',
          reach: {
            published: [
              { port: 80, host: '127.0.0.1', hostPort: 18080 },
              { port: 81, host: '127.0.0.1', hostPort: 18081 },
            ],
            addresses: [],
            hostNetwork: false,
          },
        }),
      ),
    createWithVolumes: (name) => {
      const volumes = [
        { path: '/srv/data', isWritable: true },
        { path: '/srv/films', isWritable: false },
      ];
      const id = runtime.add({ name, state: 'created', volumes });
      return Promise.resolve({ id, toWrite: '/srv/data', toRead: '/srv/films' });
    },
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
