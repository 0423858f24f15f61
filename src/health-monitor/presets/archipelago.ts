import type { Tier } from '../../common/events/index.js';
import { KNOWN_APPS, probesOf } from './archipelago-probes.js';
import type { Preset } from './preset.js';

const BITCOIN = ['bitcoin-knots', 'bitcoin-core', 'bitcoin'];

const TIERS: Readonly<Record<Exclude<Tier, 'application'>, readonly string[]>> = {
  database: [
    'btcpay-db',
    'mempool-db',
    'penpot-postgres',
    'immich_postgres',
    'immich_redis',
    'penpot-valkey',
    'endurain-db',
    'nextcloud-db',
  ],
  core: BITCOIN,
  dependent: ['lnd', 'mempool-electrs', 'electrs', 'nbxplorer'],
  frontend: ['mempool-web', 'bitcoin-ui', 'lnd-ui', 'electrs-ui', 'penpot-frontend', 'penpot-exporter'],
};

const BACKEND = new Set([
  'btcpay-db',
  'nbxplorer',
  'mempool-db',
  'mempool-api',
  'penpot-postgres',
  'penpot-backend',
  'penpot-exporter',
  'penpot-valkey',
  'penpot-mailcatch',
  'immich_postgres',
  'immich_redis',
  'endurain-db',
  'nextcloud-db',
]);

const IMMICH = [['immich_postgres'], ['immich_redis']];
const PENPOT_BACKEND = [['penpot-backend']];

const DEPENDENCIES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  lnd: [BITCOIN],
  electrs: [BITCOIN],
  'mempool-electrs': [BITCOIN],
  nbxplorer: [BITCOIN],
  fedimint: [BITCOIN],
  'bitcoin-ui': [BITCOIN],
  'lnd-ui': [['lnd']],
  'electrs-ui': [['electrs']],
  'btcpay-server': [['nbxplorer'], ['btcpay-db']],
  'mempool-api': [['mempool-db'], ['mempool-electrs', 'electrs']],
  'mempool-web': [['mempool-api']],
  'penpot-backend': [['penpot-postgres'], ['penpot-valkey']],
  'penpot-frontend': PENPOT_BACKEND,
  'penpot-exporter': PENPOT_BACKEND,
  immich: IMMICH,
  immich_server: IMMICH,
  immich_machine_learning: IMMICH,
  'immich-machine-learning': IMMICH,
  nextcloud: [['nextcloud-db']],
  endurain: [['endurain-db']],
};

const DATA_SAFE = new Set([
  ...TIERS.database,
  ...TIERS.core,
  'lnd',
  'electrs',
  'mempool-electrs',
  'fedimint',
]);

const TIER_OF = new Map(
  Object.entries(TIERS).flatMap(([tier, apps]) => apps.map((app) => [app, tier as Tier] as const)),
);

const isKnown = (appId: string): boolean =>
  Object.hasOwn(DEPENDENCIES, appId) || BACKEND.has(appId) || KNOWN_APPS.includes(appId);

/** The containers of an Archipelago server, as its first monitor knew them. */
export const archipelago: Preset = {
  tierOf: (appId) => TIER_OF.get(appId) ?? (isKnown(appId) ? 'application' : undefined),
  isBackend: (appId) => BACKEND.has(appId) || appId.endsWith('-ui'),
  dependenciesOf: (appId) => (Object.hasOwn(DEPENDENCIES, appId) ? DEPENDENCIES[appId]! : []),
  isDataSafe: (appId) => DATA_SAFE.has(appId),
  probesOf,
};
