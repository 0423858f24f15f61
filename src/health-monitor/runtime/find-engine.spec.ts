import { describe, expect, it } from 'vitest';
import { createEngineRuntime, placesToLook, type Surroundings, type EngineOptions } from './find-engine.js';
import { PodmanCliRuntime } from './podman/podman-cli.runtime.js';

const OPTIONS: EngineOptions = {
  kind: 'auto',
  socketPath: null,
  command: ['sudo', 'podman'],
  timeoutMs: 1_000,
  ssh: null,
  sshConfig: null,
  tcp: null,
  tls: null,
};
const USER: Surroundings = {
  environment: {},
  uid: 1000,
  rootfulSocket: '/run/podman/podman.sock',
  dockerSocket: '/var/run/docker.sock',
};
const ROOT: Surroundings = { ...USER, uid: 0 };
const socket = (socketPath: string, engine = 'podman') => ({ kind: 'socket', socketPath, engine });
const podmanIn = (...asked: Parameters<typeof placesToLook>) => placesToLook(...asked).podman();
const dockerIn = (...asked: Parameters<typeof placesToLook>) => placesToLook(...asked).docker();
const command = (...words: string[]) => ({ kind: 'command', command: words });

describe('placesToLook', () => {
  it('begins with the system’s socket, then its command without a password, then the user’s socket', () => {
    expect(podmanIn(OPTIONS, USER)).toEqual([
      socket('/run/podman/podman.sock'),
      command('sudo', '-n', 'podman'),
      socket('/run/user/1000/podman/podman.sock'),
    ]);
    expect(podmanIn(OPTIONS, { ...USER, environment: { XDG_RUNTIME_DIR: '/run/mine' } })[2]).toEqual(
      socket('/run/mine/podman/podman.sock'),
    );
  });

  it('needs no sudo, and no socket of a user, as root', () => {
    expect(podmanIn(OPTIONS, ROOT)).toEqual([socket('/run/podman/podman.sock'), command('podman')]);
  });

  it('keeps to the socket that it was told', () => {
    const told = { ...OPTIONS, socketPath: '/here.sock' };
    const elsewhere = { ...USER, environment: { CONTAINER_HOST: 'unix:///there.sock' } };
    expect(podmanIn(told, elsewhere)).toEqual([]);
    expect(dockerIn(told, elsewhere)).toEqual([socket('/here.sock', 'either')]);
    expect(podmanIn({ ...told, kind: 'podman' }, elsewhere)).toEqual([socket('/here.sock')]);
    expect(dockerIn({ ...told, kind: 'podman' }, elsewhere)).toEqual([]);
  });

  it('keeps to CONTAINER_HOST', () => {
    expect(podmanIn(OPTIONS, { ...USER, environment: { CONTAINER_HOST: 'unix:///there.sock' } })).toEqual([
      socket('/there.sock'),
    ]);
  });

  it.each([
    'ssh://user:hunter2@host/run/podman.sock',
    'tcp://host:8080',
    'unix://relative',
    '/run/podman.sock',
  ])('refuses a CONTAINER_HOST of %s, without repeating it', (host) => {
    const look = () => podmanIn(OPTIONS, { ...USER, environment: { CONTAINER_HOST: host } });
    expect(look).toThrow(/only unix:\/\/\/path\/to\/podman\.sock can be used/);
    expect(look).not.toThrow(/hunter2/);
  });

  it('uses the command that it was told', () => {
    expect(podmanIn({ ...OPTIONS, command: ['doas', 'podman'] }, USER)).toContainEqual(
      command('doas', 'podman'),
    );
  });

  it('looks for sockets only when asked for the API', () => {
    expect(podmanIn({ ...OPTIONS, kind: 'podman' }, USER)).toEqual([
      socket('/run/podman/podman.sock'),
      socket('/run/user/1000/podman/podman.sock'),
    ]);
  });

  it("looks for Docker's sockets, the system's and the user's, and asks whose they are", () => {
    expect(dockerIn(OPTIONS, USER)).toEqual([
      socket('/var/run/docker.sock', 'either'),
      socket('/run/user/1000/docker.sock', 'either'),
    ]);
    expect(dockerIn(OPTIONS, ROOT)).toEqual([socket('/var/run/docker.sock', 'either')]);
    expect(podmanIn({ ...OPTIONS, kind: 'docker' }, USER)).toEqual([]);
    expect(dockerIn({ ...OPTIONS, kind: 'podman' }, USER)).toEqual([]);
  });

  it('keeps to DOCKER_HOST, unless CONTAINER_HOST says that it is Podman', () => {
    const environment = { DOCKER_HOST: 'unix:///there.sock' };
    expect(dockerIn(OPTIONS, { ...USER, environment })).toEqual([socket('/there.sock', 'either')]);
    const both = { ...environment, CONTAINER_HOST: 'unix:///here.sock' };
    expect(dockerIn(OPTIONS, { ...USER, environment: both })).toEqual([]);
    expect(dockerIn({ ...OPTIONS, kind: 'docker' }, { ...USER, environment: both })).toHaveLength(1);
  });

  it('refuses a DOCKER_HOST elsewhere, without repeating it', () => {
    const look = () => dockerIn(OPTIONS, { ...USER, environment: { DOCKER_HOST: 'tcp://u:hunter2@nas' } });
    expect(look).toThrow(/only unix:\/\/\/path\/to\/docker\.sock can be used/);
    expect(look).not.toThrow(/hunter2/);
  });
});

describe('createEngineRuntime', () => {
  it('uses the command line when asked to', () => {
    expect(createEngineRuntime({ ...OPTIONS, kind: 'podman-cli' })).toBeInstanceOf(PodmanCliRuntime);
  });

  it('is an outage that names each place and its remedy while no engine is there', async () => {
    const options = { ...OPTIONS, command: ['/no/such/podman'] };
    const runtime = createEngineRuntime(options, undefined, {
      environment: { XDG_RUNTIME_DIR: '/no/such/user' },
      uid: 1000,
      rootfulSocket: '/no/such/podman.sock',
      dockerSocket: '/no/such/docker.sock',
    });
    await expect(runtime.list()).rejects.toMatchObject({
      kind: 'outage',
      message:
        'The container engine cannot be reached: there is no socket /no/such/podman.sock. ' +
        'Enable it: `systemctl enable --now podman.socket`. ' +
        'Nor elsewhere: `/no/such/podman` cannot be run (ENOENT). Install it, or set runtime.command. ' +
        'Nor elsewhere: there is no socket /no/such/user/podman/podman.sock. ' +
        'Enable it: `systemctl enable --now podman.socket`. ' +
        'Nor elsewhere: there is no socket /no/such/docker.sock. Start it: `systemctl enable --now docker`. ' +
        'Nor elsewhere: there is no socket /no/such/user/docker.sock. Start it: `systemctl enable --now docker`.',
    });
  });

  it('is an outage, not a crash, when CONTAINER_HOST cannot be used', async () => {
    const runtime = createEngineRuntime({ ...OPTIONS, kind: 'podman' }, undefined, {
      ...USER,
      environment: { CONTAINER_HOST: 'tcp://host' },
    });
    await expect(runtime.list()).rejects.toMatchObject({ kind: 'outage' });
  });
});
