import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventDraft, Notification } from '../../src/common/events/index.js';
import {
  MemoryStore,
  SqliteStore,
  type HealthStore,
  type Put,
  type SqliteStoreOptions,
  type StoreNotice,
} from '../../src/common/store/index.js';
import { ManualClock } from '../../src/testing/manual-clock.js';

export const START = Date.parse('2026-01-01T00:00:00.000Z');

/** A folder of its own, removed with everything in it by `dispose`. */
export class StoreFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'health-store-'));
  readonly file = join(this.path, 'data', 'health-monitor.db');
  readonly clock = new ManualClock(START);
  readonly log: string[] = [];
  private readonly open: HealthStore[] = [];

  /** A store on this folder's file, not yet open. */
  store(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
    const say = (message: string): void => void this.log.push(message);
    const store = new SqliteStore({
      path: this.file,
      clock: this.clock,
      logger: { log: say, warn: say, error: say },
      ...options,
    });
    this.open.push(store);
    return store;
  }

  async opened(options: Partial<SqliteStoreOptions> = {}): Promise<SqliteStore> {
    const store = this.store(options);
    await store.open();
    return store;
  }

  async dispose(): Promise<void> {
    for (const store of this.open) await store.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function noticesOf(store: Pick<HealthStore, 'onNotice'>): StoreNotice[] {
  const notices: StoreNotice[] = [];
  store.onNotice((notice) => void notices.push(notice));
  return notices;
}

/** Its events, oldest first, as `1 container`. */
export const eventsOf = async ({
  store,
}: {
  readonly store: Pick<HealthStore, 'events'>;
}): Promise<readonly string[]> =>
  (await store.events({ limit: 99 })).map(({ seq, container }) => `${seq} ${container}`);

/** Of its notifications. */
export const idsOf = async ({
  store,
}: {
  readonly store: Pick<HealthStore, 'all'>;
}): Promise<readonly string[]> => (await store.all('notification')).map(({ id }) => id);

export function notification(id: string, at = START): Notification {
  return {
    id,
    level: 'error',
    title: `${id} is unhealthy`,
    message: 'Auto-restart failed (attempt 1/3). Container state: exited',
    timestamp: new Date(at).toISOString(),
    appId: id,
    type: 'container.restart_failed',
    read: false,
  };
}

export function putNotification(id: string, at = START): Put {
  return { collection: 'notification', key: id, value: notification(id, at) };
}

export function exited(container: string, at = START): EventDraft {
  return {
    type: 'container.exited',
    at: new Date(at).toISOString(),
    container,
    data: { reason: `${container} exited with 1.`, exitCode: 1 },
  };
}

export { MemoryStore };
export { SILENT } from '../../src/common/store/store-logger.js';
