import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../common/options/index.js';
import { KNOWN_APPS } from './archipelago-probes.js';
import { archipelago } from './archipelago.js';

/** As the rules have them: the same words in the same order. */
const TIERS = {
  database:
    'btcpay-db, mempool-db, penpot-postgres, immich_postgres, immich_redis, penpot-valkey, endurain-db, nextcloud-db',
  core: 'bitcoin-knots, bitcoin-core, bitcoin',
  dependent: 'lnd, mempool-electrs, electrs, nbxplorer',
  frontend: 'mempool-web, bitcoin-ui, lnd-ui, electrs-ui, penpot-frontend, penpot-exporter',
  application: 'nextcloud, btcpay-server, mempool-api, penpot-mailcatch, tor',
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

  it.each(['anything-else', 'some-ui', 'constructor'])('knows no tier of %s', (app) =>
    expect(archipelago.tierOf(app)).toBeUndefined(),
  );

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

describe('the probes of known apps', () => {
  const docs = readFileSync(new URL('../../../docs/probes.md', import.meta.url), 'utf8');

  it.each(KNOWN_APPS)('of %s could be written in the options, and is documented', (app) => {
    const probe = [...archipelago.probesOf(app, null)];
    expect(probe).toHaveLength(1);
    expect(() => resolveOptions({ access: 'open', containers: { [app]: { probe } } })).not.toThrow();
    expect(docs).toContain(`\`${app}\``);
  });

  it('take credentials where they know with what to log in, and are valid with them', () => {
    const credentials = { file: '/srv/bitcoin/.cookie' };
    const probe = [...archipelago.probesOf('bitcoin-knots', credentials)];
    expect(probe).toEqual([expect.objectContaining({ rpc: ':8332', credentials })]);
    expect(() => resolveOptions({ access: 'open', containers: { bitcoin: { probe } } })).not.toThrow();
    expect(archipelago.probesOf('lnd', credentials)).toEqual(archipelago.probesOf('lnd', null));
  });

  it('are none of an app that is not known, whatever its name', () => {
    expect(['toString', 'constructor', 'scratchpad'].map((name) => archipelago.probesOf(name, null))).toEqual(
      [[], [], []],
    );
  });
});
