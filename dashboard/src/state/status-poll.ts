import type { HealthStatus } from '../client.js';
import { call } from './api.js';
import { config, connection, onEvents, showStatus, status } from './monitor.js';

const EVERY_MS = 15_000;

/** Keeps what no event carries fresh while the page is visible: the last check, and how webhooks do. */
export function startStatusPoll(): void {
  const ask = () => {
    if (config.http === null || document.visibilityState !== 'visible') return;
    if (connection.peek().status !== 'live') return;
    call<HealthStatus>('GET', 'status').then(showStatus, () => undefined);
  };
  setInterval(ask, EVERY_MS);
  document.addEventListener('visibilitychange', ask);
  // Events show that the first check is over, or the first after an outage, but not when it was; and of the store, but
  // not what that leaves to be done here.
  onEvents((events) => {
    const saysMore = events.some(({ type }) => type === 'engine.reachable' || type.startsWith('store.'));
    if (saysMore || status.peek()?.lastCheckAt === null) ask();
  });
}
