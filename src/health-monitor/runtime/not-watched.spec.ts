import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../common/options/index.js';
import type { EngineInfo } from './container.js';
import { notWatched } from './not-watched.js';

const engine = (kind: string, address: string): EngineInfo => ({
  kind,
  address,
  version: '5.4.2',
  rootless: false,
  tellsWhoStopped: 'flag',
  warning: null,
});

const PODMAN = engine('podman', '/run/podman/podman.sock');
const DOCKER = engine('docker', '/var/run/docker.sock');

describe('what is told of a second engine on one machine', () => {
  it('is how many run there, how both are watched, and how it is watched instead', () => {
    expect(notWatched(PODMAN, DOCKER, 3, null)).toBe(
      'Docker runs containers here, too (3, at /var/run/docker.sock): only those of Podman are watched. ' +
        "To watch both, set runtime.kind to 'podman', and have the other as a host: " +
        "hosts: { 'docker': { runtime: { kind: 'docker', socketPath: '/var/run/docker.sock' } } }. " +
        "To watch the others instead, set runtime.kind to 'docker'.",
    );
  });

  it('names a Podman that is reached by its command, and a machine that is reached over SSH, as the options do', () => {
    expect(notWatched(DOCKER, engine('podman-cli', 'sudo -n podman'), 1, null)).toContain(
      "hosts: { 'podman': { runtime: { kind: 'podman-cli', command: ['sudo', '-n', 'podman'] } } }",
    );
    const [podman, docker] = [PODMAN, DOCKER].map((one) => ({
      ...one,
      address: `ssh://admin@attic${one.address}`,
    }));
    const told = notWatched(podman!, docker!, 1, 'attic');
    expect(told).toContain("set runtime.kind of the host attic to 'podman'");
    expect(told).toContain(
      "hosts: { 'attic-docker': { runtime: { kind: 'docker', ssh: 'admin@attic', socketPath: '/var/run/docker.sock' } } }",
    );
  });

  it.each([
    { kind: 'docker', socketPath: '/var/run/docker.sock' },
    { kind: 'podman-cli', command: ['sudo', '-n', 'podman'] },
    { kind: 'docker', ssh: 'admin@attic', socketPath: '/var/run/docker.sock' },
  ] as const)('are options that may be written: %o', (runtime) => {
    expect(
      resolveOptions({ access: 'open', hosts: { second: { runtime } } }).hosts['second']?.runtime,
    ).toMatchObject(runtime);
  });
});
