import { Logger, type OnApplicationBootstrap, type Provider } from '@nestjs/common';
import {
  HEALTH_MONITOR_OPTIONS,
  shownPostgres,
  type ResolvedExtras,
  type ResolvedOptions,
} from '../common/options/index.js';
import { HealthStore } from '../common/store/index.js';

type Served = Pick<ResolvedExtras, 'http' | 'dashboard'>;
type Configured = Pick<ResolvedOptions, 'mode' | 'storage'>;

/**
 * What the monitor is to do, where it keeps what it knows, and under which paths it is served, in a line without
 * secrets. Pure.
 *
 * @param kind of the store that is used: the host may have put one of its own in place
 */
export function startLine({ mode, storage }: Configured, served: Served, kind: string): string {
  const does =
    mode === 'heal' ? 'Mode heal: what goes down is brought back.' : 'Mode observe: nothing is touched.';
  return `${does} ${keptIn(storage, kind)} ${servedAt(served)}`;
}

function servedAt({ http, dashboard }: Served): string {
  const places = [
    ...(http === null ? [] : [`REST at /${http.path}`]),
    ...(dashboard === null ? [] : [`the dashboard at /${dashboard.path}`]),
  ];
  if (places.length === 0) return 'Nothing is served over HTTP.';
  return `Served: ${places.join(', ')} (behind the app's global prefix, where it has one).`;
}

function keptIn(storage: Configured['storage'], kind: string): string {
  if (kind !== storage.kind) return `Kept in a store of the app's own, ${kind}.`;
  switch (storage.kind) {
    case 'memory':
      return 'Kept in memory, until this process ends.';
    case 'sqlite':
      return `Kept in SQLite, ${storage.path}.`;
    case 'postgres':
      return `Kept in PostgreSQL, ${shownPostgres(storage)}.`;
  }
}

/** Says it when the app has started. */
class StartLine implements OnApplicationBootstrap {
  constructor(private readonly line: string) {}

  onApplicationBootstrap(): void {
    new Logger('HealthMonitor').log(this.line);
  }
}

/** @param served as it is fixed before the options are known */
export const startLineProvider = (served: Served): Provider => ({
  provide: StartLine,
  useFactory: (options: ResolvedOptions, store: HealthStore) =>
    new StartLine(startLine(options, served, store.status.kind)),
  inject: [HEALTH_MONITOR_OPTIONS, HealthStore],
});
