import { describe, expect, it } from 'vitest';
import type { ContainerView, HealthEvent, Incident } from '../client.js';
import { waitsOf, werePassedOver } from './waits.js';

const at = (minute: number) => `2026-01-01T11:0${minute}:00Z`;
const wait = (container: string, from: number, to: number | null) => ({
  container,
  from: at(from),
  to: to === null ? null : at(to),
});
const incident = (victims: Incident['victims'], timeline: readonly HealthEvent[] = []) => ({
  victims,
  timeline,
});

describe('those who wait', () => {
  it('are counted once each, with all their times', () => {
    expect(waitsOf(incident([wait('lnd', 0, 1), wait('web', 0, null), wait('lnd', 2, 4)]))).toEqual([
      { container: 'lnd', ms: 180_000, since: null },
      { container: 'web', ms: 0, since: Date.parse(at(0)) },
    ]);
    expect(waitsOf(incident([wait('lnd', 0, 1), wait('lnd', 2, null)]))).toEqual([
      { container: 'lnd', ms: 60_000, since: Date.parse(at(2)) },
    ]);
  });

  it('had no attempts spent on them, unless one was', () => {
    const victims = [wait('lnd', 0, null)];
    const views = (attempts: number) => new Map([['lnd', { attempts } as ContainerView]]);
    const failed = (container: string) =>
      ({ type: 'container.restart_failed', container }) as unknown as HealthEvent;
    expect(werePassedOver(incident(victims), views(0))).toBe(true);
    expect(werePassedOver(incident(victims), views(2))).toBe(false);
    expect(werePassedOver(incident(victims, [failed('bitcoin')]), views(0))).toBe(true);
    expect(werePassedOver(incident(victims, [failed('lnd')]), views(0))).toBe(false);
  });
});
