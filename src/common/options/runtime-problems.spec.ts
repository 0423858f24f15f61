import { describe, expect, it } from 'vitest';
import { HealthMonitorOptionsError } from './options.error.js';
import { resolveOptions } from './resolve-options.js';

function problemsOf(runtime: object): readonly string[] {
  try {
    resolveOptions({ access: 'open', runtime: runtime as never });
    return [];
  } catch (error) {
    if (!(error instanceof HealthMonitorOptionsError)) throw error;
    return error.problems;
  }
}

describe('an engine on another host', () => {
  it.each([
    [{ ssh: 'attic' }],
    [{ ssh: 'admin@attic', kind: 'podman' }],
    [{ ssh: 'admin@192.168.1.7' }],
    [{ ssh: 'admin@fe80::7' }],
    [{ ssh: 'ssh://admin@attic.lan:2222', sshConfig: '/etc/monitor/ssh_config' }],
    [{ ssh: 'ssh://[::1]:22', socketPath: '/run/user/1000/podman/podman.sock' }],
    [{ tcp: 'https://nas:2376', tls: { ca: './ca.pem', cert: './cert.pem', key: './key.pem' } }],
    [{ tcp: 'https://nas.example.org/', tls: { ca: '/ca.pem' } }],
    [{ tcp: 'http://127.0.0.1:2375' }],
    [{ tcp: 'http://[::1]:2375' }],
    [{ tcp: 'http://localhost:2375' }],
    [{ tcp: 'http://socket-proxy:2375', insecure: true }],
  ])('may be written as %j', (runtime) => {
    expect(problemsOf(runtime)).toEqual([]);
  });

  it.each([
    ['-oProxyCommand=reboot'],
    ['--'],
    ['admin@-oProxyCommand=reboot'],
    ['-l@attic'],
    ['ssh://-oProxyCommand=reboot'],
    ['attic reboot'],
    ['attic\nreboot'],
    ['attic\u001b[2J'],
    ['attic;reboot'],
    ['`reboot`'],
    ['$(reboot)@attic'],
    ["'attic'"],
    ['attic|sh'],
    ['%h'],
    ['ssh://admin:password@attic'],
    ['ssh://attic/run/podman.sock'],
    ['https://attic'],
    [''],
    ['a'.repeat(256)],
    [7],
    [null],
  ])('is not %j, which `ssh` or a shell could take for something else', (ssh) => {
    expect(problemsOf({ ssh })).toEqual([
      expect.stringMatching(/^runtime\.ssh: expected a name of your ssh config/),
    ]);
  });

  it.each(['/run/a:b', '/run/${HOME}', '/run/%h', "/run/a'b", '/run/a b', './podman.sock'])(
    'has no socket at %s, which `ssh` would not forward as it is written',
    (socketPath) => {
      expect(problemsOf({ ssh: 'attic', socketPath })).toEqual([
        expect.stringMatching(/^runtime\.socketPath: expected, with ssh, a path from \/ on/),
      ]);
    },
  );

  it.each([
    ['nas:2376'],
    ['tcp://nas:2376'],
    ['https://admin:hunter2@nas:2376'],
    ['https://nas:2376/v1.44'],
    ['https://nas:2376?a=b'],
    ['https://nas:2376#a'],
    ['https://nas:99999'],
    ['https://'],
    [7],
  ])('is not at %j', (tcp) => {
    const problems = problemsOf({ tcp });
    expect(problems).toEqual([expect.stringMatching(/^runtime\.tcp: expected an address such as 'https:/)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each<[object, RegExp]>([
    [{ ssh: 'attic', tcp: 'https://nas:2376' }, /^runtime\.ssh: expected without tcp/],
    [{ tcp: 'https://nas:2376', socketPath: '/a.sock' }, /^runtime\.tcp: expected without socketPath/],
    [{ ssh: 'attic', kind: 'podman-cli' }, /^runtime\.kind: expected 'auto' or 'podman'/],
    [{ tcp: 'https://nas:2376', kind: 'podman-cli' }, /^runtime\.kind: expected 'auto' or 'podman'/],
    [{ sshConfig: '/a' }, /^runtime\.sshConfig: expected only with ssh/],
    [{ ssh: 'attic', sshConfig: '~/.ssh/config' }, /^runtime\.sshConfig: expected the path of a config file/],
    [{ tls: { ca: '/a' } }, /^runtime\.tls: expected only with tcp/],
    [{ insecure: true }, /^runtime\.insecure: expected only with tcp/],
    [{ tcp: 'http://nas:2375' }, /^runtime\.tcp: expected https, since http lets everybody/],
    [{ tcp: 'http://nas:2375', insecure: false }, /^runtime\.tcp: expected https/],
    [{ tcp: 'http://127.0.0.1.example.org' }, /^runtime\.tcp: expected https/],
    [{ tcp: 'http://127.0.0.1:1', tls: { ca: '/a' } }, /^runtime\.tls: expected only with https/],
    [{ tcp: 'https://nas:2376', tls: { cert: '/a' } }, /^runtime\.tls: expected cert and key both/],
    [{ tcp: 'https://nas:2376', tls: { key: '/a' } }, /^runtime\.tls: expected cert and key both/],
    [
      { tcp: 'https://nas:2376', tls: { ca: '-----BEGIN CERTIFICATE-----\0' } },
      /^runtime\.tls\.ca: expected the path/,
    ],
    [{ tcp: 'https://nas:2376', tls: '/ca.pem' }, /^runtime\.tls: expected an object/],
    [
      { tcp: 'https://nas:2376', tls: { pfx: '/a' } },
      /^runtime\.tls\.pfx: unknown option; expected ca, cert, key/,
    ],
  ])('is refused as %j', (runtime, problem) => {
    expect(problemsOf(runtime)).toEqual([expect.stringMatching(problem)]);
  });

  it('has what was left out filled in', () => {
    const { runtime } = resolveOptions({
      access: 'open',
      runtime: { tcp: 'https://nas', tls: { ca: '/ca.pem' } },
    });
    expect(runtime).toMatchObject({
      ssh: null,
      sshConfig: null,
      tls: { ca: '/ca.pem', cert: null, key: null },
      insecure: false,
    });
  });
});
