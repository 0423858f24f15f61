import { describe, expect, it } from 'vitest';
import { resolveExtras, resolveOptions, type HealthMonitorOptions } from '../common/options/index.js';
import { startLine } from './start-line.js';

const lineOf = (
  options: HealthMonitorOptions,
  extras: Parameters<typeof resolveExtras>[0] = {},
  kind: string = options.storage?.kind ?? 'sqlite',
): string => startLine(resolveOptions({ access: 'open', ...options }), resolveExtras(extras), kind);

describe('the line at the start', () => {
  it('says the mode, where things are kept, and where the page is', () => {
    expect(lineOf({ storage: { kind: 'memory' } }, { dashboard: {} })).toBe(
      'Mode heal: what goes down is brought back. Kept in memory, until this process ends. Served: REST at ' +
        "/health-monitor, the dashboard at /health-monitor/dashboard (behind the app's global prefix, where it has one).",
    );
    expect(
      lineOf({ mode: 'observe', storage: { kind: 'sqlite', path: '/srv/health.sqlite' } }, { http: false }),
    ).toBe(
      'Mode observe: nothing is touched. Kept in SQLite, /srv/health.sqlite. Nothing is served over HTTP.',
    );
    expect(lineOf({}, { http: { path: 'api/health' }, dashboard: { path: 'ops' } })).toContain(
      'Served: REST at /api/health, the dashboard at /ops (behind ',
    );
  });

  it('shows of a PostgreSQL where it is, and nothing that is secret', () => {
    const url = 'postgres://monitor:s3cret@db:5433/health?sslpassword=hidden';
    const line = lineOf({ storage: { kind: 'postgres', url } });
    expect(line).toContain('Kept in PostgreSQL, health on db:5433 (schema health_monitor).');
    expect(line).not.toMatch(/s3cret|hidden|monitor:/);
  });

  it('names a store that the app has put in place of ours', () => {
    expect(lineOf({ storage: { kind: 'memory' } }, {}, 'json-file')).toContain(
      "Kept in a store of the app's own, json-file.",
    );
  });
});
