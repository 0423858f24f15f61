import { describe, expect, it } from 'vitest';
import {
  createPodmanRuntime,
  placesToLook,
  type Surroundings,
  type PodmanRuntimeOptions,
} from './find-engine.js';
import { PodmanCliRuntime } from './podman-cli.runtime.js';

const OPTIONS: PodmanRuntimeOptions = {
  kind: 'auto',
  socketPath: null,
  command: ['sudo', 'podman'],
  timeoutMs: 1_000,
};
const USER: Surroundings = { environment: {}, uid: 1000, rootfulSocket: '/run/podman/podman.sock' };
const ROOT: Surroundings = { ...USER, uid: 0 };
const socket = (socketPath: string) => ({ kind: 'socket', socketPath });
const command = (...words: string[]) => ({ kind: 'command', command: words });

describe('placesToLook', () => {
  it('begins with the system’s socket, then its command without a password, then the user’s socket', () => {
    expect(placesToLook(OPTIONS, USER)).toEqual([
      socket('/run/podman/podman.sock'),
      command('sudo', '-n', 'podman'),
      socket('/run/user/1000/podman/podman.sock'),
    ]);
    expect(placesToLook(OPTIONS, { ...USER, environment: { XDG_RUNTIME_DIR: '/run/mine' } })[2]).toEqual(
      socket('/run/mine/podman/podman.sock'),
    );
  });

  it('needs no sudo, and no socket of a user, as root', () => {
    expect(placesToLook(OPTIONS, ROOT)).toEqual([socket('/run/podman/podman.sock'), command('podman')]);
  });

  it('keeps to the socket that it was told', () => {
    const told = { ...OPTIONS, socketPath: '/here.sock' };
    expect(placesToLook(told, { ...USER, environment: { CONTAINER_HOST: 'unix:///there.sock' } })).toEqual([
      socket('/here.sock'),
    ]);
  });

  it('keeps to CONTAINER_HOST', () => {
    expect(placesToLook(OPTIONS, { ...USER, environment: { CONTAINER_HOST: 'unix:///there.sock' } })).toEqual(
      [socket('/there.sock')],
    );
  });

  it.each([
    'ssh://user:hunter2@host/run/podman.sock',
    'tcp://host:8080',
    'unix://relative',
    '/run/podman.sock',
  ])('refuses a CONTAINER_HOST of %s, without repeating it', (host) => {
    const look = () => placesToLook(OPTIONS, { ...USER, environment: { CONTAINER_HOST: host } });
    expect(look).toThrow(/only unix:\/\/\/path\/to\/podman\.sock can be used/);
    expect(look).not.toThrow(/hunter2/);
  });

  it('uses the command that it was told', () => {
    expect(placesToLook({ ...OPTIONS, command: ['doas', 'podman'] }, USER)).toContainEqual(
      command('doas', 'podman'),
    );
  });

  it('looks for sockets only when asked for the API', () => {
    expect(placesToLook({ ...OPTIONS, kind: 'podman' }, USER)).toEqual([
      socket('/run/podman/podman.sock'),
      socket('/run/user/1000/podman/podman.sock'),
    ]);
  });
});

describe('createPodmanRuntime', () => {
  it('uses the command line when asked to', () => {
    expect(createPodmanRuntime({ ...OPTIONS, kind: 'podman-cli' })).toBeInstanceOf(PodmanCliRuntime);
  });

  it('is an outage that names each place and its remedy while no engine is there', async () => {
    const options = { ...OPTIONS, command: ['/no/such/podman'] };
    const runtime = createPodmanRuntime(options, {
      environment: { XDG_RUNTIME_DIR: '/no/such/user' },
      uid: 1000,
      rootfulSocket: '/no/such/podman.sock',
    });
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'outage',
      message:
        'Podman cannot be reached: there is no socket /no/such/podman.sock. ' +
        'Enable it: `systemctl enable --now podman.socket`. ' +
        'Nor elsewhere: `/no/such/podman` cannot be run (ENOENT). Install it, or set runtime.command. ' +
        'Nor elsewhere: there is no socket /no/such/user/podman/podman.sock. ' +
        'Enable it: `systemctl enable --now podman.socket`.',
    });
  });

  it('is an outage, not a crash, when CONTAINER_HOST cannot be used', async () => {
    const runtime = createPodmanRuntime(OPTIONS, { ...USER, environment: { CONTAINER_HOST: 'tcp://host' } });
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'outage' });
  });
});
