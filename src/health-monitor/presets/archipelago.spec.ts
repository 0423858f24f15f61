import { describe, expect, it } from 'vitest';
import { archipelago } from './archipelago.js';

/** As the rules have them: the same words in the same order. */
const TIERS = {
  database:
    'btcpay-db, mempool-db, penpot-postgres, immich_postgres, immich_redis, penpot-valkey, endurain-db, nextcloud-db',
  core: 'bitcoin-knots, bitcoin-core, bitcoin',
  dependent: 'lnd, mempool-electrs, electrs, nbxplorer',
  frontend: 'mempool-web, bitcoin-ui, lnd-ui, electrs-ui, penpot-frontend, penpot-exporter',
  application: 'nextcloud, btcpay-server, mempool-api, anything-else, some-ui',
};
const BACKEND =
  'btcpay-db, nbxplorer, mempool-db, mempool-api, penpot-postgres, penpot-backend, penpot-exporter, penpot-valkey, ' +
  'penpot-mailcatch, immich_postgres, immich_redis, endurain-db, nextcloud-db, bitcoin-ui, whatever-ui';
const DATA_SAFE = `${TIERS.database}, ${TIERS.core}, lnd, electrs, mempool-electrs, fedimint`;
const bitcoin = 'bitcoin-knots|bitcoin-core|bitcoin';
const NEEDS: Record<string, string> = {
  lnd: bitcoin,
  electrs: bitcoin,
  'mempool-electrs': bitcoin,
  nbxplorer: bitcoin,
  fedimint: bitcoin,
  'bitcoin-ui': bitcoin,
  'lnd-ui': 'lnd',
  'electrs-ui': 'electrs',
  'btcpay-server': 'nbxplorer, btcpay-db',
  'mempool-api': 'mempool-db, mempool-electrs|electrs',
  'mempool-web': 'mempool-api',
  'penpot-backend': 'penpot-postgres, penpot-valkey',
  'penpot-frontend': 'penpot-backend',
  'penpot-exporter': 'penpot-backend',
  immich_server: 'immich_postgres, immich_redis',
  immich_machine_learning: 'immich_postgres, immich_redis',
  nextcloud: 'nextcloud-db',
  endurain: 'endurain-db',
};
const names = (text: string) => text.split(', ');

describe('the preset archipelago', () => {
  for (const [tier, apps] of Object.entries(TIERS)) {
    it.each(names(apps))(`has %s in the tier ${tier}`, (app) => expect(archipelago.tierOf(app)).toBe(tier));
  }

  it.each(names(BACKEND))('takes %s for a backend', (app) => expect(archipelago.isBackend(app)).toBe(true));

  it.each(['lnd', 'electrs', 'bitcoin-knots', 'nextcloud', 'mempool-web', 'penpot-frontend', 'ui'])(
    'takes %s for no backend',
    (app) => expect(archipelago.isBackend(app)).toBe(false),
  );

  it.each(names(DATA_SAFE))('is careful with the data of %s', (app) =>
    expect(archipelago.isDataSafe(app)).toBe(true),
  );

  it.each(['nextcloud', 'nbxplorer', 'btcpay-server', 'bitcoin-ui'])('may restart %s', (app) =>
    expect(archipelago.isDataSafe(app)).toBe(false),
  );

  it.each(Object.entries(NEEDS))('%s needs %s', (app, needs) => {
    expect(archipelago.dependenciesOf(app).map((anyOf) => anyOf.join('|'))).toEqual(names(needs));
  });

  it.each(['bitcoin', 'btcpay-db', 'constructor', 'toString', 'anything-else'])('%s needs nothing', (app) =>
    expect(archipelago.dependenciesOf(app)).toEqual([]),
  );
});
