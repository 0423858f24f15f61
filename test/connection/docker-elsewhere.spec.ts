import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, type RuntimeOptions } from '../../src/common/options/index.js';
import { createEngineRuntime } from '../../src/health-monitor/runtime/index.js';
import { describeWithDocker, whyNoDocker } from '../docker/docker-engine.js';
import { MonitoredDocker } from '../docker/monitored-docker.js';
import { freePort } from '../support/free-port.js';
import { Certificates } from './certificates.js';
import { hasOpenSsh, SshServer } from './ssh-server.js';
import { TcpRelay } from './tcp-relay.js';

/** A way to the engine of another host, on which its connections can be killed: gives how many there were. */
interface Way {
  readonly options: () => RuntimeOptions;
  readonly killConnections: () => number;
}

describeWithDocker(
  'a real Docker of another host',
  () => {
    let certificates: Certificates;
    let server: SshServer;
    let relay: TcpRelay;
    let docker: MonitoredDocker;

    beforeAll(async () => {
      certificates = new Certificates();
      certificates.authority('authority');
      for (const name of ['server', 'client']) certificates.signed(name, 'authority');
      const port = await freePort();
      const file = (name: string) => certificates.file(name);
      const listening = [
        ...['--host', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', file('authority.pem')],
        ...['--tlscert', file('server.pem'), '--tlskey', file('server.key')],
      ];
      [server, relay, docker] = await Promise.all([
        SshServer.start(),
        TcpRelay.start(port),
        // Nothing but its events can show what happened so soon.
        MonitoredDocker.prepare({ check: { intervalMs: 60_000 } }, undefined, listening),
      ]);
    });
    afterEach(() => docker.reset());
    afterAll(async () => {
      await docker?.dispose();
      await relay?.stop();
      await server?.stop();
      certificates.remove();
    });

    const ways: Readonly<Record<string, Way>> = {
      'over SSH': {
        options: () => ({ ssh: 'attic', sshConfig: server.config() }),
        killConnections: () => {
          const { sessions } = server;
          server.signalSessions('SIGKILL');
          return sessions.length;
        },
      },
      'over TLS': {
        options: () => ({
          tcp: `https://127.0.0.1:${relay.port}`,
          tls: {
            ca: certificates.file('authority.pem'),
            cert: certificates.file('client.pem'),
            key: certificates.file('client.key'),
          },
        }),
        killConnections: () => relay.killConnections(),
      },
    };

    describe.each(Object.entries(ways))('%s', (_, way) => {
      it('is watched, started, stopped and healed, also after its connections were killed', async () => {
        await docker.run(['app', 'other']);
        docker.way = way.options();
        await docker.watch();
        expect(docker.status.engine).toMatchObject({ kind: 'docker', reachable: true });
        expect(docker.view('other')).toMatchObject({ state: 'running', status: 'healthy' });
        await docker.crash('app', 1);
        await docker.healed('app');

        expect((await docker.post('containers/other/stop')).status).toBe(200);
        expect(docker.view('other')).toMatchObject({ state: 'exited', wish: 'stopped' });
        expect((await docker.post('containers/other/start')).status).toBe(200);
        expect(docker.view('other')).toMatchObject({ state: 'running', wish: 'running' });

        expect(way.killConnections()).toBeGreaterThan(0);
        await docker.crash('app', 139);
        await docker.healed('app', 2);
        expect(docker.told).toEqual([]);
      });
    });

    it('says what is wanting where it wants to see a certificate', async () => {
      const tcp = `https://127.0.0.1:${relay.port}`;
      const tls = { ca: certificates.file('authority.pem'), cert: null, key: null };
      const runtime = createEngineRuntime({ ...DEFAULT_OPTIONS.runtime, kind: 'docker', tcp, tls });
      await expect(runtime.info()).rejects.toThrow(/it wants to see a certificate of ours/);
      await runtime.disconnect();
    });
  },
  hasOpenSsh ? await whyNoDocker() : 'there is no OpenSSH',
);
