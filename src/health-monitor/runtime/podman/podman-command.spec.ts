import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PodmanCommand } from './podman-command.js';

describe('PodmanCommand', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'command-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** A command that does what the script says. */
  async function scripted(script: string): Promise<PodmanCommand> {
    const path = join(directory, 'podman');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return new PodmanCommand([path, '--first']);
  }
  const wanted = () => AbortSignal.timeout(5_000);

  it('hands over arguments as they are: no shell reads them', async () => {
    const command = await scripted('for word; do echo "[$word]"; done; echo aside >&2');
    const words = ['ps', '$(id)', "a'b; rm -rf /", '*'];
    await expect(command.run(words, wanted())).resolves.toEqual({
      stdout: ['--first', ...words].map((word) => `[${word}]\n`).join(''),
      stderr: 'aside\n',
    });
  });

  it.each([
    ['no such container', 'Error: no container with name or ID "x" found: no such container', 'not-found'],
    ['no such object', 'Error: no such object: "x"', 'not-found'],
    ['a refusal', 'warning: old cgroups\nError: container state improper', 'refused'],
    ['a remote that is away', 'Error: unable to connect: Cannot connect to Podman. Please verify', 'outage'],
    ['sudo without permission', 'sudo: a password is required', 'outage'],
    [
      'sudo without a terminal',
      'sudo: unable to resolve host box\nsudo: a terminal is required to read',
      'outage',
    ],
    ['sudo for somebody else', 'bob is not in the sudoers file.', 'outage'],
    [
      'sudo for something else',
      "Sorry, user bob is not allowed to execute '/usr/bin/podman' as root.",
      'outage',
    ],
    ['a refusal beside a warning of sudo', 'sudo: unable to resolve host box\nError: port in use', 'refused'],
    [
      'a missing container beside it',
      'sudo: unable to resolve host box\nError: no such container',
      'not-found',
    ],
    ['no words at all', '', 'refused'],
  ])('knows %s', async (_, stderr, kind) => {
    const command = await scripted(`cat >&2 <<'END'\n${stderr}\nEND\nexit 125`);
    await expect(command.run(['start', 'x'], wanted())).rejects.toMatchObject({ name: 'RuntimeError', kind });
  });

  it('passes on the reason without the warnings around it', async () => {
    const command = await scripted(
      'echo "time=now level=warning msg=noise" >&2; echo "Error: it is paused" >&2; exit 125',
    );
    await expect(command.run(['start', 'x'], wanted())).rejects.toThrow(/podman --first: it is paused$/);
  });

  it('says what to allow when sudo asks for a password', async () => {
    const command = await scripted('echo "sudo: a password is required" >&2; exit 1');
    await expect(command.run(['ps'], wanted())).rejects.toThrow('NOPASSWD: /usr/bin/podman');
  });

  it('is an outage when there is no such program', async () => {
    await expect(new PodmanCommand(['/no/such/podman']).run(['ps'], wanted())).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('/no/such/podman') as string,
    });
  });

  it('refuses an output without end', async () => {
    const command = await scripted('exec cat /dev/zero');
    await expect(command.run(['ps'], wanted())).rejects.toMatchObject({ kind: 'nonsense' });
  });

  it('gives up at once when aborted, and ends the command with all that it began', async () => {
    const pidFile = join(directory, 'pid');
    const command = await scripted(
      `sleep 1000 & echo $! > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; wait`,
    );
    const controller = new AbortController();
    const outcome = expect(command.run(['ps'], controller.signal)).rejects.toThrow('aborted');
    const pid = await vi.waitFor(async () => Number(await readFile(pidFile, 'utf8')), 30_000);
    controller.abort();
    await outcome;
    await vi.waitFor(async () => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone');
      expect(stat).toMatch(/^gone$|\) Z /);
    }, 30_000);
  });

  it('runs nothing more while eight of its commands hang', async () => {
    const release = join(directory, 'release');
    const command = await scripted(`trap '' TERM; while [ ! -e ${release} ]; do sleep 0.05; done`);
    const hang = () => command.run(['ps'], AbortSignal.timeout(100)).catch((error: unknown) => error);
    const errors = await Promise.all(Array.from({ length: 8 }, hang));
    expect(errors).toHaveLength(8);
    await expect(command.run(['ps'], wanted())).rejects.toMatchObject({
      kind: 'outage',
      message: expect.stringContaining('Podman hangs') as string,
    });
    await writeFile(release, '');
    await vi.waitFor(() => command.run(['ps'], wanted()), { timeout: 4_000 });
  });

  it('gives lines as they are printed, and fails when the command ends by itself', async () => {
    const command = await scripted('echo one; echo two; echo "Error: no more" >&2; exit 125');
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of await command.lines(['events'], wanted())) lines.push(line);
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(lines).toEqual(['one', 'two']);
  });
});
