import { describe, expect, it } from 'vitest';
import type { StatusSpan } from '../client.js';
import { segments, stripSentence } from './strip.js';

const HOUR = 3_600_000;
const NOW = new Date(2026, 0, 15, 12, 0, 0).getTime();
const at = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString();
const span = (hoursAgo: number, status: StatusSpan['status']): StatusSpan => ({ from: at(hoursAgo), status });

describe('strip', () => {
  it('gives each stretch the width of its time, whatever the number of checks', () => {
    const all = segments([span(30, 'healthy'), span(12, 'down'), span(6, 'healthy')], NOW);
    expect(all.map(({ status, width }) => [status, width])).toEqual([
      ['healthy', 0.5],
      ['down', 0.25],
      ['healthy', 0.25],
    ]);
    expect(all.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
  });

  it('shows what came before the first span as not watched', () => {
    expect(segments([span(6, 'healthy')], NOW)[0]).toMatchObject({ status: 'not-watched', width: 0.75 });
  });

  it('counts as down also who waited for others', () => {
    const spans = [span(24, 'healthy'), span(8, 'down'), span(7.9, 'waiting'), span(7.5, 'healthy')];
    expect(stripSentence(spans, NOW)).toBe(
      'Down once, 30 minutes, at 04:00. Of that, it waited 24 minutes for others.',
    );
  });

  it('says the same in words', () => {
    const spans = [
      span(24, 'healthy'),
      span(8, 'down'),
      span(7.9, 'restarting'),
      span(7.5, 'healthy'),
      span(3, 'not-watched'),
      span(2, 'healthy'),
    ];
    expect(stripSentence(spans, NOW)).toBe(
      'Down once, 30 minutes, at 04:00. Not watched 09:00 to 10:00 (the monitor was off).',
    );
    expect(stripSentence([span(24, 'healthy')], NOW)).toBe('Healthy all the time.');
    expect(stripSentence([span(6, 'healthy')], NOW)).toBe('Healthy all the time. Watched since 06:00.');
  });
});
