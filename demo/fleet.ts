import { fileURLToPath } from 'node:url';
import type { ServiceSpec } from './process-runtime/index.js';

const MEGABYTE = 1_000_000;
const script = (file: string): string => fileURLToPath(new URL(`../services/${file}`, import.meta.url));

/** A shell needs a megabyte where Node needs forty. */
const command = (name: string): ServiceSpec['command'] =>
  process.platform === 'win32'
    ? [process.execPath, script('service.mjs'), name]
    : ['sh', script('service.sh'), name];

const checked = { healthCheck: { intervalMs: 2_000 } };

/** The services of a small personal server, what is built upon first. */
export const fleet: readonly ServiceSpec[] = [
  service('archy-btcpay-db', 'postgres:16', checked),
  service('archy-mempool-db', 'mariadb:11', checked),
  service('nextcloud-db', 'postgres:16', checked),
  service('immich_postgres', 'immich-app/postgres:16'),
  service('immich_redis', 'valkey:8'),
  service('archy-bitcoin-knots', 'bitcoinknots/bitcoin:29', checked),
  service('archy-lnd', 'lightninglabs/lnd:0.19'),
  service('archy-mempool-electrs', 'mempool/electrs:3.2'),
  service('archy-nbxplorer', 'nicolasdorier/nbxplorer:2.5'),
  service('archy-mempool-api', 'mempool/backend:3.2'),
  service('archy-btcpay-server', 'btcpayserver/btcpayserver:2.1', checked),
  service('archy-fedimint', 'fedimint/fedimintd:0.7'),
  service('immich_server', 'immich-app/immich-server:1', { memoryLimitBytes: 200 * MEGABYTE }),
  service('nextcloud', 'nextcloud:31', checked),
  service('nextcloud-migration', 'nextcloud:31'),
  service('homeassistant', 'home-assistant/home-assistant:2025'),
  service('jellyfin', 'jellyfin/jellyfin:10'),
  service('vaultwarden', 'vaultwarden/server:1', { restartPolicy: 'always' }),
  service('archy-mempool-web', 'mempool/frontend:3.2'),
];

function service(name: string, image: string, more: Partial<ServiceSpec> = {}): ServiceSpec {
  return { name, image: `localhost/${image}`, command: command(name), stopTimeoutMs: 2_000, ...more };
}
