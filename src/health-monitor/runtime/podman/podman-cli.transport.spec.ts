import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { PodmanCliTransport } from './podman-cli.transport.js';
import { PodmanCommand, type CommandOutput } from './podman-command.js';

const ID = 'a'.repeat(64);

/** Answers what a test tells it to, and notes what it was asked. */
class ScriptedCommand extends PodmanCommand {
  readonly asked: string[] = [];
  readonly answers = new Map<string, Partial<CommandOutput>>();

  constructor() {
    super(['podman']);
  }

  override run(words: readonly string[]): Promise<CommandOutput> {
    this.asked.push(words.join(' '));
    return Promise.resolve({ stdout: '', stderr: '', ...this.answers.get(String(words[0])) });
  }
}

describe('PodmanCliTransport', () => {
  const { signal } = new AbortController();
  let command: ScriptedCommand;
  let transport: PodmanCliTransport;

  beforeEach(() => {
    command = new ScriptedCommand();
    transport = new PodmanCliTransport(command);
  });

  it.each(['4.3.1', '5.4.2'])('reads the statistics that Podman %s prints', async (version) => {
    const text = readFileSync(new URL(`recorded/podman-${version}.json`, import.meta.url), 'utf8');
    const { cli } = JSON.parse(text) as { cli: { stats: { id: string; name: string }[] } };
    command.answers.set('stats', { stdout: JSON.stringify(cli.stats) });
    const usages = await transport.usage(signal);
    const usageOf = (name: string) =>
      usages.find(({ id }) => id === cli.stats.find((row) => row.name === name)?.id);
    expect(usageOf('archy-app')).toMatchObject({ limitBytes: 67_110_000 });
    expect(usageOf('archy-app')?.usedBytes).toBeGreaterThan(100_000);
    expect(usageOf('archy-base')?.limitBytes).toBe(25_270_000_000);
    expect(usageOf('archy-new')).toMatchObject({ usedBytes: 0, limitBytes: 0 });
  });

  it.each(['12', '1kB', '1kB / 2kB / 3kB', '-- / --'])('refuses a memory use of %j', async (use) => {
    command.answers.set('stats', { stdout: JSON.stringify([{ id: ID, mem_usage: use }]) });
    await expect(transport.usage(signal)).rejects.toMatchObject({ kind: 'nonsense' });
  });

  it('brings both streams of a log in order, without what Podman itself has to say', async () => {
    command.answers.set('logs', {
      stdout:
        '2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:01.0000015+00:00 three: 2026-01-01T00:00:00Z\n',
      stderr:
        'time="2026-01-01T00:00:00Z" level=warning msg="old"\n2026-01-01T00:00:01.0000005Z two\n2026-01-01T00:00:03Z \n',
    });
    expect(await transport.logs(ID, 9, signal)).toEqual(['one', 'two', 'three: 2026-01-01T00:00:00Z', '']);
    expect(command.asked).toEqual([`logs --timestamps --tail 9 -- ${ID}`]);
  });

  it('puts ids behind the options', async () => {
    await transport.restart(ID, 12, { signal });
    expect(command.asked).toEqual([`restart --time 12 -- ${ID}`]);
  });
});
