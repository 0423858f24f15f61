import type { HealthStatus } from '../client.js';
import { call } from './api.js';
import { config, connection, onEvents, status, tellStatus } from './monitor.js';

const EVERY_MS = 15_000;

/** Keeps what no event tells fresh while somebody looks: the last check, and how webhooks do. */
export function startStatusPoll(): void {
  const ask = () => {
    if (config.http === null || document.visibilityState !== 'visible') return;
    if (connection.peek().status !== 'live') return;
    call<HealthStatus>('GET', 'status').then(tellStatus, () => undefined);
  };
  setInterval(ask, EVERY_MS);
  document.addEventListener('visibilitychange', ask);
  // Events tell that the first check is over, but not when it was.
  onEvents(() => {
    if (status.peek()?.lastCheckAt === null) ask();
  });
}
