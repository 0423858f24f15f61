import { describe, expect, it } from 'vitest';
import type { ContainerView, Evidence, Incident } from '../client.js';
import {
  advice,
  causeReason,
  causeSentence,
  endedBy,
  headline,
  lastDay,
  lasted,
  runsAgain,
} from './cause.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const evidence = (change: Partial<Evidence>): Evidence => ({
  exitCode: null,
  signal: null,
  oomKilled: false,
  health: null,
  log: [],
  at: '',
  ...change,
});
const incident = (change: Partial<Incident> = {}, found: Evidence | null = null): Incident => ({
  id: 'i',
  kind: 'down',
  status: 'open',
  openedAt: '2026-01-01T11:00:00Z',
  resolvedAt: null,
  endedBy: null,
  cause: { container: 'lnd', reason: '', evidence: found },
  attempts: 0,
  failedAttempt: null,
  victims: [],
  timeline: [],
  ...change,
});

describe('cause', () => {
  it.each<[Incident['kind'], string, string, string]>([
    ['disk', '/mnt/a', 'As the monitor says.', 'Little space was left on /mnt/a.'],
    ['disk-full', '/mnt/a', 'As the monitor says.', 'No space was left on /mnt/a.'],
    ['disk-read-only', '/mnt/a', 'As the monitor says.', '/mnt/a was read-only.'],
    ['memory-pressure', 'memory', 'The machine is short of memory.', 'The machine was short of memory.'],
    ['clock', 'clock', 'The clock is wrong.', 'The clock was wrong.'],
  ])('of the machine is named, and what to do about it: %s', (kind, machine, open, over) => {
    const cause = { container: null, machine, reason: 'As the monitor says.', evidence: null };
    expect(causeSentence(incident({ kind, cause }), null)).toBe(open);
    expect(causeSentence(incident({ kind, cause, status: 'resolved' }), null)).toBe(over);
    expect(advice(incident({ kind, cause }), [])).not.toContain('the engine runs');
    expect(advice(incident({ kind, cause, status: 'resolved' }), [])).toBe('Nothing. It is over.');
  });

  it('counts, of what was over in between, the latest time', () => {
    const again = incident({ reopenedAt: '2026-01-01T11:56:00Z' });
    expect([lasted(incident(), NOW), lasted(again, NOW)]).toEqual([3_600_000, 240_000]);
  });

  it('explains exit codes, and says out of memory first', () => {
    const of = (exitCode: number, oomKilled = false) =>
      causeSentence(incident({}, evidence({ exitCode, oomKilled })), null);
    expect([of(137), of(143), of(139), of(1), of(0), of(2)]).toEqual([
      'lnd was killed (code 137).',
      'lnd was asked to stop from outside (code 143).',
      'lnd crashed (code 139).',
      'lnd ended with an error (code 1).',
      'lnd ended by itself (code 0).',
      'lnd stopped with code 2.',
    ]);
    expect(of(137, true)).toBe('lnd was killed because the server ran out of memory.');
    const limited = { memory: { limitBytes: 4 * 1024 ** 3 } } as ContainerView;
    expect(causeSentence(incident({}, evidence({ oomKilled: true })), limited)).toBe(
      'lnd was killed because it reached its memory limit of 4\u00a0GiB.',
    );
  });

  it('of what needs a person is that it does, with what to do', () => {
    const sentence = 'Its wallet is locked: unlock it.';
    const view = (needsYou?: boolean) =>
      ({ name: 'lnd', status: 'not-yet', probe: { health: 'not-yet', sentence, needsYou } }) as ContainerView;
    const open = incident({ kind: 'unhealthy' });
    expect(causeSentence(open, view(true))).toBe('lnd needs you.');
    expect(advice(open, [], false, view(true))).toBe(sentence);
    for (const patient of [view(false), view()]) {
      expect(causeSentence(open, patient)).toBe('lnd does not get ready.');
      expect(advice(open, [], false, patient)).not.toBe(sentence);
    }
    expect(causeSentence({ ...open, status: 'resolved' }, view(true))).toBe('lnd was unhealthy.');
  });

  it('counts a container that waited twice once', () => {
    const victims = [
      { container: 'web', from: '2026-01-01T11:00:00Z', to: '2026-01-01T11:01:00Z' },
      { container: 'web', from: '2026-01-01T11:02:00Z', to: null },
    ];
    expect(headline(incident({ victims }), null, NOW)).toBe('lnd is down. 1 container waits for it.');
  });

  it('says of an open one whose container runs again what it waits for', () => {
    const up = (change: Partial<ContainerView> = {}) =>
      ({ state: 'running', status: 'healthy', ...change }) as ContainerView;
    const lnd = { container: 'lnd-ui', from: '', to: null };
    expect([
      runsAgain(incident({}), up()),
      runsAgain(incident({ victims: [lnd] }), up()),
      runsAgain(incident({}), up({ status: 'starting' })),
    ]).toEqual([
      'It runs again. The incident ends when it has been well for a minute.',
      'It runs again. The incident ends when lnd-ui is back, too.',
      'It runs again. The incident waits for its health check to pass.',
    ]);
    expect(runsAgain(incident({}), up({ state: 'exited', status: 'down' }))).toBeNull();
    const silent = [up(), up({ status: 'starting' }), up({ state: 'exited', status: 'down' })];
    expect(silent.map((view) => runsAgain(incident({ victims: [lnd] }), view, true))).toEqual([
      'It ran again when the engine last answered.',
      'It ran again when the engine last answered.',
      null,
    ]);
    expect(runsAgain(incident({ status: 'resolved' }), up())).toBeNull();
  });

  it('says first of a leak what it comes to', () => {
    const trend = { leaking: true, hoursToLimit: 0.5 };
    const view = { name: 'lnd', status: 'healthy', memory: { limitBytes: 1, trend } } as ContainerView;
    const leak = incident({ kind: 'leak' });
    expect(headline(leak, view, NOW)).toBe('lnd will run out of memory in about 30 minutes.');
    expect(headline(leak, { ...view, memory: null }, NOW)).toBe('lnd is leaking memory.');
    expect(
      headline(incident({ ...leak, status: 'resolved', resolvedAt: '2026-01-01T11:01:00Z' }), view, NOW),
    ).toBe('lnd was leaking memory for 1 minute.');
  });

  it('says how a leak is measured now, and once it is over, how it was found', () => {
    const view = { memory: { trend: { leaking: true, reason: 'floor rose to 9 MiB' } } } as ContainerView;
    const cause = { container: 'lnd', reason: 'floor rose to 4 MiB', evidence: null };
    const leak = incident({ kind: 'leak', cause });
    expect(causeReason(leak, view)).toBe('Floor rose to 9 MiB');
    expect(causeReason(leak, null)).toBe('Floor rose to 4 MiB');
    expect(causeReason({ ...leak, status: 'resolved' }, view)).toBe('Floor rose to 4 MiB');
    expect(causeReason({ ...leak, kind: 'down' }, view)).toBe('floor rose to 4 MiB');
  });

  it('speaks in the past of what is over', () => {
    const over = { status: 'resolved', resolvedAt: '2026-01-01T11:04:12Z' } as const;
    const victims = ['a', 'b', 'c', 'd'].map((container) => ({ container, from: '', to: '' }));
    expect(headline(incident({ ...over, victims }, evidence({ exitCode: 137 })), null, NOW)).toBe(
      'lnd was down for 4 minutes 12 seconds. 4 containers waited for it.',
    );
    expect(headline(incident({ ...over, kind: 'unhealthy' }), null, NOW)).toBe(
      'lnd was unhealthy for 4 minutes 12 seconds.',
    );
    expect(
      headline(
        incident({ ...over, kind: 'engine', cause: { container: null, reason: '', evidence: null } }),
        null,
        NOW,
      ),
    ).toBe('The engine did not answer for 4 minutes 12 seconds.');
    expect(endedBy(incident({ ...over, endedBy: 'attempt' }))).toBe('healed by the monitor');
  });

  it('leaves the minute out in which it was watched whether it is over', () => {
    const over = { status: 'resolved', resolvedAt: '2026-01-01T11:01:41Z' } as const;
    expect(headline(incident({ ...over, endedBy: 'attempt' }), null, NOW)).toBe(
      'lnd was down for 41 seconds.',
    );
    expect(headline(incident({ ...over, endedBy: 'person' }), null, NOW)).toBe(
      'lnd was down for 1 minute 41 seconds.',
    );
  });

  it('counts how often the same happened, where that helps', () => {
    const killed = incident({}, evidence({ oomKilled: true }));
    expect(advice(killed, [killed, killed, killed])).toContain('3 times in the last 30 days');
  });

  it('sums the last day up in a line', () => {
    const over = incident({ status: 'resolved', resolvedAt: '2026-01-01T11:00:41Z' });
    const old = incident({
      openedAt: '2025-12-01T00:00:00Z',
      status: 'resolved',
      resolvedAt: '2025-12-01T00:01:00Z',
    });
    expect(lastDay([], NOW)).toBe('No incident.');
    expect(lastDay([over, old], NOW)).toBe('1 incident, over after 41 seconds.');
    expect(lastDay([over, over], NOW)).toBe('2 incidents, both over; the longest took 41 seconds.');
    expect(lastDay([over, incident()], NOW)).toBe('2 incidents, 1 still open.');
    const long = incident({ kind: 'leak', openedAt: '2025-12-25T00:00:00Z' });
    expect(lastDay([over, incident(), long], NOW)).toBe('3 incidents, 2 still open.');
  });
});
