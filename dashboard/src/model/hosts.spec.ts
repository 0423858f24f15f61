import { describe, expect, it } from 'vitest';
import type { ContainerView, HealthStatus, Status } from '../client.js';
import { containersWords, engineWords, hostOf, hostsOf, hostsToShow, isSilent, nameAtHost } from './hosts.js';

const NOW = new Date(2026, 0, 2, 12).getTime();
const at = (hour: number, day = 2) => new Date(2026, 0, day, hour).toISOString();
const engine = {
  kind: 'podman',
  version: '5.4.2' as string | null,
  reachable: true,
  since: at(9) as string | null,
  problem: null,
};
const silent = { ...engine, reachable: false, since: at(11) };
const unasked = { ...engine, version: null, reachable: false, since: null };
const status = (...others: [string, string][]) =>
  ({
    engine,
    ...(others.length > 0 && {
      hosts: others.map(([host, name]) => ({ host, name, engine: silent, lastCheckAt: null, machine: null })),
    }),
  }) as unknown as HealthStatus;
const container = (status: Status, host?: string, name = 'lnd') =>
  ({ name: host === undefined ? name : `${host}/${name}`, status, host }) as unknown as ContainerView;

describe('hosts', () => {
  const known = hostsOf(status(['attic', 'The attic'], ['nas', 'evil\u202Eman']));

  it('are none where this one is the only one', () => {
    expect(hostsOf(null)).toEqual([]);
    expect(hostsOf(status())).toEqual([]);
  });

  it('are this one first, then the others in their order, by names that deceive nobody', () => {
    expect(known.map(({ key, name }) => [key, name])).toEqual([
      ['local', 'This host'],
      ['attic', 'The attic'],
      ['nas', 'evil⟨U+202E⟩man'],
    ]);
    expect(known.map(({ engine }) => isSilent(engine))).toEqual([false, true, true]);
  });

  it('are narrowed to the one that was asked for, where there is one', () => {
    expect(hostsToShow(known, 'attic').map(({ key }) => key)).toEqual(['attic']);
    expect(hostsToShow(known, 'local').map(({ key }) => key)).toEqual(['local']);
    expect(hostsToShow(known, '')).toBe(known);
    expect(hostsToShow(known, 'gone')).toBe(known);
  });

  it('have containers, which are called there without the host', () => {
    const views = [container('healthy'), container('healthy', 'attic')];
    expect(views.map(hostOf)).toEqual(['local', 'attic']);
    expect(views.map(nameAtHost)).toEqual(['lnd', 'lnd']);
  });
});

describe('the engine of a host', () => {
  it('is told with since when it answers or not, and without while it was not asked', () => {
    expect(engineWords(engine, NOW)).toBe('podman 5.4.2, answers since 09:00');
    expect(engineWords({ ...silent, since: at(11, 1) }, NOW)).toBe(
      'podman 5.4.2, does not answer since yesterday 11:00',
    );
    expect(engineWords(unasked, NOW)).toBe('podman');
    expect(isSilent(unasked)).toBe(false);
  });

  it('is not named while it was never reached and nobody knows which it is', () => {
    const never = { ...silent, kind: 'auto', version: null };
    expect(engineWords(never, NOW)).toBe('does not answer since 11:00');
    expect(engineWords({ ...never, since: null }, NOW)).toBe('not asked yet');
  });

  it('has containers of which so many are wrong, or nobody knows', () => {
    const some = [
      ...(['healthy', 'waiting', 'starting', 'stopped', 'held'] as const),
      ...(['down', 'given-up', 'unhealthy'] as const),
    ].map((one) => container(one));
    expect(containersWords(engine, some)).toBe('8 containers, 3 wrong');
    expect(containersWords(engine, some.slice(0, 1))).toBe('1 container, none wrong');
    expect(containersWords(engine, [])).toBe('No containers');
    expect(containersWords(silent, some)).toBe('8 containers, nobody knows how they are');
    expect(containersWords(silent, some.slice(0, 1))).toBe('1 container, nobody knows how it is');
  });
});
