import { describe, expect, it } from 'vitest';
import type { FileSystemView, HealthStatus, Incident } from '../common/events/index.js';
import { overviewLines } from './overview.js';

const GIB = 1024 ** 3;
const NOW = Date.parse('2026-03-01T12:00:00Z');

const fileSystem = (changes: Partial<FileSystemView>): FileSystemView => ({
  mount: '/',
  sizeBytes: 100 * GIB,
  freeBytes: 40 * GIB,
  readOnly: false,
  ofEngine: true,
  containers: [],
  fullInMs: null,
  standing: 'ok',
  ...changes,
});

const status = (fileSystems: readonly FileSystemView[] | undefined): HealthStatus =>
  ({
    nodeId: 'node',
    mode: 'heal',
    engine: { kind: 'podman', version: '5', reachable: true, since: null, problem: null },
    startedAt: new Date(NOW).toISOString(),
    healingFrom: new Date(NOW).toISOString(),
    lastCheckAt: null,
    containers: { total: 0 },
    incidents: { open: 0, wrong: 0, upAgain: 0, soon: 0 },
    store: { kind: 'memory', durable: true, problem: null },
    machine: fileSystems && { at: '', fileSystems, memoryPressure: null, clockOffMs: null },
    webhooks: null,
  }) as unknown as HealthStatus;

const linesOf = (of: HealthStatus, incidents: readonly Incident[] = []): string[] => [
  ...overviewLines({ status: of, containers: [], externals: [], incidents }, NOW, (_, text) => text),
];

describe('the overview', () => {
  it('has a line for each file system, with what is the matter with it', () => {
    const lines = linesOf(
      status([
        fileSystem({}),
        fileSystem({
          mount: '/mnt/data',
          freeBytes: 12 * GIB,
          fullInMs: 40 * 3_600_000,
          standing: 'foretold',
        }),
      ]),
    ).filter((line) => line.startsWith('space'));
    expect(lines.map((line) => line.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'space /: 40 GiB of 100 GiB free',
      'space /mnt/data: 12 GiB of 100 GiB free, full in about 40 hours, foretold',
    ]);
  });

  it('says of an incident that was over in between that it began again', () => {
    const incident = {
      kind: 'down',
      status: 'open',
      openedAt: new Date(NOW - 600_000).toISOString(),
      cause: { container: 'app', reason: 'Stopped with code 1.', evidence: null },
      victims: [],
    } as unknown as Incident;
    const sinceOf = (changes: Partial<Incident>) =>
      linesOf(status([]), [{ ...incident, ...changes }])
        .at(-1)!
        .match(/\d\d:\d\d:\d\d.*(?= {2}Stopped)/)?.[0];
    const [first, again] = [-600_000, -60_000].map((ms) => new Date(NOW + ms).toTimeString().slice(0, 8));
    expect(sinceOf({})).toBe(first);
    expect(sinceOf({ reopenedAt: new Date(NOW - 60_000).toISOString() })).toBe(`${first}, again ${again}`);
  });

  it('names no engine where it was never reached and nobody knows which it is', () => {
    const engine = {
      kind: 'auto',
      version: null,
      reachable: false,
      since: null,
      problem: 'Nobody is there.',
    };
    const host = { host: 'attic', name: 'The attic', engine, lastCheckAt: null, machine: null };
    const lines = linesOf({ ...status([]), engine, hosts: [host] }).map((line) =>
      line.replaceAll(/\s+/g, ' '),
    );
    expect(lines).toContain('engine not reachable: Nobody is there.');
    expect(lines).toContain('host The attic: not reachable: Nobody is there.');
  });

  it('has none of an app of an earlier version, which does not tell of them', () => {
    expect(linesOf(status(undefined)).join('\n')).not.toContain('space');
  });

  it('says by which replica it is served, where there are several', () => {
    const seen = ['11111111-aaaa', '22222222-bbbb'].map((id, index) => ({ id, leads: index === 0 }));
    const replica = { id: seen[1]!.id, role: 'following', leader: seen[0]!.id, replicas: seen };
    const lines = linesOf({ ...status([]), replica } as unknown as HealthStatus);
    expect(lines.find((line) => line.startsWith('replica'))).toMatch(
      /^replica\s+Served by a follower; the leader is 11111111\.$/,
    );
    expect(linesOf(status([])).join('\n')).not.toContain('replica');
  });

  it('says of what an incident of the machine is', () => {
    const incident = {
      kind: 'disk-full',
      status: 'open',
      openedAt: new Date(NOW).toISOString(),
      cause: { container: null, machine: '/mnt/data', reason: 'No space is left.', evidence: null },
    } as unknown as Incident;
    expect(linesOf(status([]), [incident]).at(-1)).toMatch(/^disk-full\s+\/mnt\/data\s+wrong/);
  });
});
