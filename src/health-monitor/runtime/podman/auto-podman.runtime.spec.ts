import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InMemoryRuntime } from '../../../testing/index.js';
import { AutoPodmanRuntime } from './auto-podman.runtime.js';

describe('AutoPodmanRuntime', () => {
  let first: InMemoryRuntime;
  let second: InMemoryRuntime;
  let runtime: AutoPodmanRuntime;
  const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});

  beforeEach(() => {
    first = new InMemoryRuntime({ timeoutMs: 50 });
    second = new InMemoryRuntime({ timeoutMs: 50 });
    first.add({ name: 'of-first' });
    second.add({ name: 'of-second' });
    runtime = new AutoPodmanRuntime(() => [first, second]);
    log.mockClear();
  });
  afterEach(() => log.mockClear());
  const names = async () => (await runtime.list()).map(({ name }) => name);

  it('takes the first that can be reached, and logs how many containers it saw there', async () => {
    expect(await names()).toEqual(['of-first']);
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^Watching Podman .*\. Containers: 1\.$/)]]);
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
});
