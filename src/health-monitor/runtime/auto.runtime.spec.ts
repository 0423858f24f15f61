import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryRuntime } from '../../testing/index.js';
import type { EngineInfo } from './container.js';
import type { CallOptions } from './container-runtime.js';
import { AutoRuntime } from './auto.runtime.js';

/** An engine that calls itself so. */
class Named extends InMemoryRuntime {
  constructor(private readonly kind: string) {
    super({ timeoutMs: 50 });
  }

  override async info(options?: CallOptions): Promise<EngineInfo> {
    return { ...(await super.info(options)), kind: this.kind };
  }
}

describe('AutoRuntime', () => {
  let first: InMemoryRuntime;
  let second: InMemoryRuntime;
  let runtime: AutoRuntime;
  const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});

  beforeEach(() => {
    first = new InMemoryRuntime({ timeoutMs: 50 });
    second = new InMemoryRuntime({ timeoutMs: 50 });
    first.add({ name: 'of-first' });
    second.add({ name: 'of-second' });
    runtime = new AutoRuntime(
      { podman: () => [() => Promise.resolve(first), () => Promise.resolve(second)], docker: () => [] },
      { knownIds: () => Promise.resolve(new Set()), engine: 'Podman' },
    );
    log.mockClear();
  });
  afterEach(() => log.mockClear());
  const names = async () => (await runtime.list()).map(({ name }) => name);

  it('takes the first that can be reached, and logs how many containers it saw there', async () => {
    expect(await names()).toEqual(['of-first']);
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^Watching in-memory .*\. Containers: 1\.$/)]]);
  });

  it('passes over one that cannot be reached', async () => {
    first.goAway();
    expect(await names()).toEqual(['of-second']);
  });

  it('keeps to its choice, however the engines change', async () => {
    first.goAway();
    await names();
    first.comeBack();
    expect(await names()).toEqual(['of-second']);
    second.goAway();
    await expect(names()).rejects.toMatchObject({ kind: 'outage' });
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('looks again at each call while none can be reached', async () => {
    first.goAway('no socket.');
    second.goAway('no command.');
    await expect(names()).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('no command.') as string,
    });
    second.comeBack();
    expect(await names()).toEqual(['of-second']);
  });

  it('does not pass over one that hangs: it may be the right one', async () => {
    const release = first.hang('list');
    await expect(names()).rejects.toMatchObject({ kind: 'timeout' });
    release();
    expect(await names()).toEqual(['of-first']);
  });

  it('lets one caller give up without ending the search for the others', async () => {
    const release = first.hang('info');
    const controller = new AbortController();
    const impatient = expect(runtime.list({ signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    const patient = names();
    controller.abort();
    await impatient;
    release();
    expect(await patient).toEqual(['of-first']);
  });

  it('searches once for all who wait', async () => {
    await Promise.all([names(), names(), runtime.info()]);
    expect(log).toHaveBeenCalledTimes(1);
  });

  describe('where both Podman and Docker are', () => {
    let podman: Named;
    let docker: Named;
    let known: Set<string>;
    let auto: AutoRuntime;

    beforeEach(() => {
      podman = new Named('podman');
      docker = new Named('docker');
      known = new Set();
      auto = new AutoRuntime(
        { podman: () => [() => Promise.resolve(podman)], docker: () => [() => Promise.resolve(docker)] },
        { knownIds: () => Promise.resolve(known), engine: 'The container engine' },
      );
    });
    const watched = async () => (await auto.info()).kind;

    it('takes the one whose containers are known from before, whatever runs in the other', async () => {
      podman.add({ name: 'of-podman' });
      known.add(docker.add({ name: 'of-docker', state: 'exited' }));
      expect(await watched()).toBe('docker');
      expect((await auto.info()).warning).toContain('Podman runs containers here, too (1, at');
    });

    it('takes the one with running containers', async () => {
      podman.add({ name: 'of-podman', state: 'exited' });
      docker.add({ name: 'of-docker' });
      expect(await watched()).toBe('docker');
      expect((await auto.info()).warning).toBeNull();
    });

    it('takes Podman where both run some, and tells of the others', async () => {
      podman.add({ name: 'of-podman' });
      docker.add({ name: 'of-docker' });
      expect(await watched()).toBe('podman');
      expect((await auto.info()).warning).toContain('Docker runs containers here, too (1, at');
      expect((await auto.info()).warning).toContain("set runtime.kind to 'docker'");
    });

    it('takes Podman where neither runs any', async () => {
      expect(await watched()).toBe('podman');
      expect((await auto.info()).warning).toBeNull();
    });

    it('waits for a Podman that hangs, unless Docker has what is known', async () => {
      docker.add({ name: 'of-docker' });
      const release = podman.hang('info');
      await expect(auto.info()).rejects.toMatchObject({ kind: 'timeout' });
      known.add(docker.add({ name: 'known' }));
      expect(await watched()).toBe('docker');
      release();
    });

    it('says once why neither can be reached, where that is one cause', async () => {
      podman.goAway('Podman cannot be reached: SSH to attic: its name was not found.');
      docker.goAway('SSH to attic: its name was not found.');
      await expect(auto.info()).rejects.toMatchObject({
        kind: 'outage',
        message: 'The container engine cannot be reached: SSH to attic: its name was not found.',
      });
    });

    it('takes what can be reached', async () => {
      podman.goAway();
      expect(await watched()).toBe('docker');
    });
  });
});
