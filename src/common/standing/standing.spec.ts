import { describe, expect, it } from 'vitest';
import type { Incident, IncidentKind, Standing, Status } from '../events/index.js';
import { causeName } from './cause-name.js';
import { countOpen, standingOf, type Causes } from './standing.js';

const incident = (
  kind: IncidentKind,
  container: string | null = 'app',
  status: Incident['status'] = 'open',
) => ({ kind, status, cause: { container, reason: '', evidence: null } }) as Incident;

const ofExternal = (external: string, name?: string) => ({
  ...incident('external', null),
  cause: { container: null, external, ...(name && { name }), reason: '', evidence: null },
});

describe('an open incident', () => {
  it.each<[IncidentKind, Status | undefined, Standing]>([
    ['down', 'backing-off', 'wrong'],
    ['down', 'healthy', 'up-again'],
    ['down', undefined, 'wrong'],
    ['unhealthy', 'healthy', 'up-again'],
    ['flapping', 'unhealthy', 'wrong'],
    ['crash-loop', 'crash-looping', 'wrong'],
    ['crash-loop', 'healthy', 'up-again'],
    ['unreadable', 'healthy', 'wrong'],
    ['refused-starts', undefined, 'wrong'],
    ['external', undefined, 'wrong'],
    ['external', 'healthy', 'up-again'],
    ['engine', undefined, 'wrong'],
    ['disk', undefined, 'soon'],
    ['disk-full', undefined, 'wrong'],
    ['disk-read-only', undefined, 'wrong'],
    ['memory-pressure', undefined, 'wrong'],
    ['clock', undefined, 'wrong'],
    ['leak', 'healthy', 'soon'],
    ['leak', 'down', 'soon'],
  ])('of kind %s with a container that is %s stands as %s', (kind, status, standing) => {
    expect(standingOf(incident(kind), status)).toBe(standing);
    expect(standingOf(incident(kind, 'app', 'resolved'), status)).toBe('over');
  });

  it.each([
    [{ container: 'app' }, 'app'],
    [{ container: null }, 'Podman'],
    [{ container: null, machine: '/mnt/data' }, '/mnt/data'],
    [{ container: null, machine: 'memory' }, 'the machine'],
    [{ container: null, machine: 'clock' }, 'the clock'],
  ])('of %j is that of %s', (cause, name) => {
    expect(causeName(cause, 'Podman')).toBe(name);
  });

  it('is counted once', () => {
    const all = [
      incident('down'),
      incident('down', 'back'),
      incident('engine', null),
      incident('leak', 'back'),
      incident('down', 'app', 'resolved'),
      ofExternal('router', 'The router'),
      ofExternal('nas'),
    ];
    const causes: Causes = {
      statusOf: (name) => (name === 'back' ? 'healthy' : 'down'),
      isUp: (external) => external === 'router',
    };
    expect(countOpen(all, causes)).toEqual({ open: 6, wrong: 3, upAgain: 2, soon: 1 });
    expect(all.map(({ cause }) => causeName(cause, 'the engine'))).toContain('The router');
  });
});
