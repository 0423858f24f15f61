import { describe, expect, it } from 'vitest';
import type { ContainerView, Incident, Status } from '../client.js';
import { problems } from './problems.js';
import { headline } from './headline.js';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const view = (name: string, status: Status = 'healthy', code: string = status) =>
  ({ name, status, dependsOn: [], decision: { code } }) as unknown as ContainerView;
const incident = (container: string | null, change: Partial<Incident> = {}): Incident => ({
  id: `i-${container}`,
  kind: 'down',
  status: 'open',
  openedAt: '2026-01-01T11:58:00Z',
  resolvedAt: null,
  endedBy: null,
  cause: { container, reason: '', evidence: null },
  attempts: 0,
  failedAttempt: null,
  victims: [],
  timeline: [],
  ...change,
});
const silent = (host: string, name: string) =>
  incident(null, {
    id: host,
    host,
    kind: 'engine',
    cause: { container: null, name, reason: '', evidence: null },
  });
const healthy = (amount: number) => Array.from({ length: amount }, (_, index) => view(`app-${index}`));

function say(views: ContainerView[], incidents: Incident[] = [], lastKnown = false) {
  const byName = new Map(views.map((one) => [one.name, one]));
  return headline(views, problems(incidents, byName, NOW), { lastKnown });
}

describe('headline', () => {
  it('is calm when all is well', () => {
    expect(say(healthy(33)).title).toBe('All 33 containers are healthy.');
    expect(say([...healthy(31), view('a', 'stopped'), view('b', 'held')]).title).toBe(
      'All 31 watched containers are healthy; 2 are off by choice.',
    );
    expect(say([]).title).toBe('No containers yet.');
  });

  it('names what of the machine is wrong, and nothing while it is only coming', () => {
    const of = (kind: Incident['kind'], machine: string, victims: Incident['victims'] = []) =>
      incident(null, { kind, victims, cause: { container: null, machine, reason: '', evidence: null } });
    const waiting = [{ container: 'a', from: '', to: null }];
    expect(say(healthy(3), [of('disk-full', '/mnt/a', waiting)]).title).toBe(
      '/mnt/a has no space left. 1 container waits for it.',
    );
    expect(say(healthy(3), [of('clock', 'clock')]).title).toBe('The clock is wrong.');
    expect(say(healthy(3), [of('disk', '/mnt/a')]).title).toBe('All 3 containers are healthy.');
  });

  it('names the one cause and counts its victims', () => {
    const victims = ['a', 'b', 'c'].map((container) => ({
      container,
      from: '',
      to: container === 'c' ? '' : null,
    }));
    const said = say([view('bitcoin', 'backing-off'), ...healthy(9)], [incident('bitcoin', { victims })]);
    expect(said.title).toBe('bitcoin is down. 2 containers wait for it.');
    expect(said.detail).toBe('The monitor tries again. 9 of 10 containers are healthy.');
  });

  it('does not promise to help one that is stuck', () => {
    const said = say([view('lnd', 'down', 'stuck'), ...healthy(1)], [incident('lnd')]);
    expect(said.detail).toBe(
      'The engine does not get on with it; only you can help. 1 of 2 containers are healthy.',
    );
  });

  it('names two or three', () => {
    const said = say(
      [view('gitea', 'unhealthy'), view('lnd', 'given-up')],
      [incident('gitea', { kind: 'unhealthy' }), incident('lnd')],
    );
    expect(said.title).toBe('lnd is given up and gitea is unhealthy.');
  });

  it('counts more, and names the worst', () => {
    const names = ['a', 'b', 'c', 'd', 'bitcoin'];
    const views = names.map((name) => view(name, name === 'bitcoin' ? 'given-up' : 'down'));
    expect(
      say(
        views,
        names.map((name) => incident(name)),
      ).title,
    ).toBe('5 things are wrong now. The worst: bitcoin is given up.');
  });

  it('names a silent host, and nothing of what is on it', () => {
    const unknown = ['attic/lnd', 'attic/bitcoin'].map((name) => view(name, 'unknown'));
    const views = [...healthy(3), ...unknown, view('lnd', 'given-up')];
    const attic = silent('attic', 'The attic');
    const lost = incident('attic/lnd', { host: 'attic' });

    const alone = say([...healthy(3), ...unknown], [attic, lost]);
    expect(alone.title).toBe('The attic does not answer.');
    expect(alone.detail).toBe('Nobody knows how the 2 containers there are. 3 of 5 containers are healthy.');
    expect(say(healthy(3), [attic]).detail).toBe('3 of 3 containers are healthy.');
    expect(say(views, [attic, incident('lnd')]).title).toBe('The attic does not answer and lnd is given up.');
    expect(say([...healthy(3), ...unknown], [attic], true).title).toBe(
      'Last known: The attic does not answer.',
    );
  });

  it('names silent hosts together, before what else is wrong', () => {
    const hosts = [silent('attic', 'The attic'), silent('nas', 'nas')];
    const names = ['a', 'b', 'c', 'd'];
    const down = names.map((name) => view(name, 'down'));
    expect(say(healthy(3), hosts).title).toBe('2 hosts do not answer: The attic and nas.');
    expect(say([view('lnd', 'down')], [incident('lnd'), ...hosts]).title).toBe(
      '2 hosts do not answer: The attic and nas. lnd is down.',
    );
    expect(say(down, [...hosts, ...names.map((name) => incident(name))]).title).toBe(
      '2 hosts do not answer: The attic and nas. 6 things are wrong now. The worst: a is down.',
    );
  });

  it('leaves the engine of this host to the bar that tells of it', () => {
    const engine = incident(null, { kind: 'engine' });
    expect(say(healthy(3), [engine], true).title).toBe('Last known: all 3 containers are healthy.');
  });

  it('says of old news that it is old, and leaves names as they are', () => {
    expect(say(healthy(3), [], true).title).toBe('Last known: all 3 containers are healthy.');
    expect(say([view('Abc', 'down')], [incident('Abc')], true).title).toBe('Last known: Abc is down.');
  });

  it('does not call down what is up again and only watched', () => {
    const back = say([view('jellyfin'), ...healthy(4)], [incident('jellyfin')]);
    expect(back.title).toBe('jellyfin is up again.');
    expect(back.detail).toBe('The monitor watches whether it stays up. 5 of 5 containers are healthy.');
    expect(say([view('a'), view('b', 'down')], [incident('a'), incident('b')]).title).toBe('b is down.');
  });

  it('does not call starting a problem', () => {
    expect(say([...healthy(2), view('redis', 'starting')]).title).toBe(
      'Nothing is wrong. redis is starting.',
    );
    expect(say([...healthy(2), view('a', 'waiting'), view('b', 'waiting')]).title).toBe('2 containers wait.');
  });

  it('leaves leaks and what is over out of it', () => {
    const over = incident('lnd', { status: 'resolved', resolvedAt: '2026-01-01T11:59:55Z' });
    const leak = incident('jellyfin', { kind: 'leak' });
    expect(say(healthy(2), [over, leak]).title).toBe('All 2 containers are healthy.');
  });
});
