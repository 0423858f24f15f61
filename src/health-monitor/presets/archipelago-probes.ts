import type {
  ExpectedAnswer,
  Probe,
  ProbeCredentials,
  ProbeTiming,
  RpcProbe,
} from '../../common/options/index.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A command in a container is work for the engine. */
const BY_COMMAND = { everyMs: MINUTE, timeoutMs: 10_000 } as const;

/** How an app is asked without being logged in, and, where it knows more people than that, how with. */
interface KnownApp {
  readonly probe: Probe;
  readonly withLogin?: RpcProbe & ProbeTiming;
}

const SYNCHRONISES = 'It synchronises.';
/** It takes calls, only too many: https://github.com/bitcoin/bitcoin/blob/master/src/httpserver.cpp. */
const BUSY: ExpectedAnswer = {
  text: 'Work queue depth exceeded',
  words: 'It answers, and has too much to do.',
};

/**
 * Answers: https://github.com/bitcoin/bitcoin/blob/master/src/rpc/protocol.h (-28, `RPC_IN_WARMUP`),
 * https://developer.bitcoin.org/reference/rpc/getblockchaininfo.html. `bitcoin-cli` finds the cookie in its own data folder.
 */
const BITCOIND: KnownApp = {
  probe: {
    exec: ['bitcoin-cli', 'getblockchaininfo'],
    notYet: { text: 'error code: -28' },
    expect: [
      { json: { initialblockdownload: false } },
      { json: { initialblockdownload: true }, words: SYNCHRONISES },
      BUSY,
    ],
    progress: 'verificationprogress',
    ...BY_COMMAND,
    startMs: 10 * MINUTE,
    notYetForMs: 2 * HOUR,
  },
  withLogin: {
    rpc: ':8332',
    method: 'getblockchaininfo',
    notYet: { json: { 'error.code': -28 } },
    expect: [
      { json: { 'result.initialblockdownload': false } },
      { json: { 'result.initialblockdownload': true }, words: SYNCHRONISES },
      BUSY,
    ],
    progress: 'result.verificationprogress',
    startMs: 10 * MINUTE,
    notYetForMs: 2 * HOUR,
  },
};

/** https://lightning.engineering/api-docs/api/lnd/state/get-state/: `lncli state` asks for the same as `/v1/state`, without a macaroon. */
const LND: KnownApp = {
  probe: {
    exec: ['lncli', 'state'],
    needsYou: [
      { json: { state: 'LOCKED' }, words: 'Its wallet is locked: unlock it.' },
      { json: { state: 'NON_EXISTING' }, words: 'It has no wallet yet: make one.' },
    ],
    notYet: [
      { json: { state: 'WAITING_TO_START' }, words: 'It waits to become the leader.' },
      { json: { state: 'UNLOCKED' }, words: 'Its wallet is unlocked; it starts its services.' },
      { json: { state: 'RPC_ACTIVE' }, words: 'It starts, and does not take all calls yet.' },
    ],
    expect: { json: { state: 'SERVER_ACTIVE' }, words: 'It takes calls.' },
    ...BY_COMMAND,
    startMs: 10 * MINUTE,
    notYetForMs: 2 * HOUR,
  },
};

/**
 * https://electrumx.readthedocs.io/en/latest/protocol-methods.html#server-ping. While it builds its index, its port is closed,
 * or, from version 0.9 of electrs on, it refuses all but a few calls:
 * https://github.com/romanz/electrs/blob/master/src/electrum.rs (`unavailable index`).
 */
const ELECTRUM_SERVER: KnownApp = {
  probe: {
    tcp: ':50001',
    send: [
      { id: 1, method: 'server.version', params: ['health-monitor', '1.4'] },
      { id: 2, method: 'server.ping', params: [] },
    ]
      .map((call) => `${JSON.stringify({ jsonrpc: '2.0', ...call })}\n`)
      .join(''),
    notYet: { text: 'unavailable index', words: 'It builds its index.' },
    expect: ['"result":null', '"result": null'].map((text) => ({ text, words: 'It answers.' })),
    timeoutMs: 10_000,
    startMs: 3 * DAY,
    notYetForMs: 3 * DAY,
  },
};

/** https://www.postgresql.org/docs/current/app-pg-isready.html: 1 while it starts or recovers. The variables are those of its image. */
const POSTGRES: KnownApp = {
  probe: {
    exec: [
      'sh',
      '-c',
      'exec pg_isready -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"',
    ],
    notYet: { exit: [1] },
    ...BY_COMMAND,
    startMs: 5 * MINUTE,
    notYetForMs: 2 * HOUR,
  },
};

/**
 * https://mariadb.com/kb/en/mariadb-admin/, https://dev.mysql.com/doc/refman/8.4/en/mysqladmin.html: `ping` ends with 0 where the
 * server runs, also when that lets nobody in. The newer name is not in older images.
 */
const MARIADB: KnownApp = {
  probe: {
    exec: [
      'sh',
      '-c',
      'command -v mariadb-admin >/dev/null && exec mariadb-admin ping; exec mysqladmin ping',
    ],
    expect: [
      { exit: [0], text: 'Access denied', words: 'It answers, and wants a password.' },
      { exit: [0], words: 'It answers.' },
    ],
    ...BY_COMMAND,
    startMs: 15 * MINUTE,
  },
};

/** https://redis.io/docs/latest/commands/ping/; LOADING and NOAUTH are its errors: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const redis = (client: string): KnownApp => ({
  probe: {
    exec: [client, 'ping'],
    notYet: { text: 'LOADING' },
    // Who asks for a password is there.
    expect: [{ text: 'PONG' }, { text: 'NOAUTH', words: 'It answers, and wants a password.' }],
    ...BY_COMMAND,
    startMs: 5 * MINUTE,
  },
});

/** https://docs.nextcloud.com/server/latest/admin_manual/maintenance/upgrade.html; in its source: status.php, lib/base.php. */
const NEXTCLOUD: KnownApp = {
  probe: {
    http: ':80/status.php',
    notYet: [
      { json: { maintenance: true }, words: 'It is in maintenance mode.' },
      { json: { needsDbUpgrade: true }, words: 'Its database is to be upgraded.' },
    ],
    expect: [
      { json: { installed: true }, words: 'It answers.' },
      { json: { installed: false }, words: 'It waits to be set up.' },
      // At an address that is not in its `trusted_domains` it tells nothing more.
      { status: [400], json: { code: 15 }, words: 'It answers, but not at this address.' },
    ],
    timeoutMs: 10_000,
    startMs: 15 * MINUTE,
    notYetForMs: 2 * HOUR,
  },
};

/** https://github.com/dgarage/NBXplorer, `HealthChecks/NodesHealthCheck.cs`: degraded while a node of its does not answer. */
const NBXPLORER: KnownApp = {
  probe: {
    http: ':32838/health',
    notYet: { json: { status: 'Degraded' }, words: 'It waits for its node.' },
    expect: { json: { status: 'Healthy' }, words: 'It answers.' },
    startMs: 10 * MINUTE,
    // That its node is not there is told of the node.
    notYetForMs: DAY,
  },
};

/** https://docs.btcpayserver.org/API/Greenfield/v1/#operation/Health_GetHealth */
const BTCPAY: KnownApp = {
  probe: {
    http: ':49392/api/v1/health',
    expect: [
      { json: { synchronized: true }, words: 'It answers.' },
      { json: { synchronized: false }, words: 'It answers; its node synchronises.' },
    ],
    startMs: 10 * MINUTE,
  },
};

/** https://mempool.space/docs/api/rest#get-backend-info; ports: https://github.com/mempool/mempool/tree/master/docker */
const MEMPOOL_API: KnownApp = {
  probe: { http: ':8999/api/v1/backend-info', startMs: 30 * MINUTE },
};
const MEMPOOL_WEB: KnownApp = { probe: { http: ':8080/', startMs: 10 * MINUTE } };

/** https://api.immich.app/endpoints/server/pingServer */
const IMMICH: KnownApp = {
  probe: { http: ':2283/api/server/ping', expect: { json: { res: 'pong' } }, startMs: 15 * MINUTE },
};
/** https://github.com/immich-app/immich, `machine-learning/scripts/healthcheck.py` */
const IMMICH_LEARNING: KnownApp = {
  probe: { http: ':3003/ping', timeoutMs: 10_000, startMs: 15 * MINUTE },
};

/**
 * https://spec.torproject.org/control-spec/commands.html#getinfo (`status/bootstrap-phase`; only the tags `starting` and `done`
 * are for good), and https://spec.torproject.org/control-spec/authentication.html for the cookie. 75 means not yet.
 */
const TOR: KnownApp = {
  probe: {
    exec: [
      'sh',
      '-c',
      [
        'cookie=$(od -An -tx1 "$2" | tr -d " \\n") && [ -n "$cookie" ] || exit 1',
        'phase=$(printf "AUTHENTICATE %s\\r\\nGETINFO status/bootstrap-phase\\r\\nQUIT\\r\\n" "$cookie" |',
        '  nc 127.0.0.1 "$1" | tr -d "\\r" | grep "BOOTSTRAP PROGRESS=") || exit 1',
        'echo "Bootstrapped ${phase#*PROGRESS=}"',
        'case "$phase" in *TAG=done*) ;; *) exit 75 ;; esac',
      ].join('\n'),
      'tor',
      '9051',
      '/var/lib/tor/control_auth_cookie',
    ],
    ...BY_COMMAND,
    startMs: 10 * MINUTE,
  },
};

const APPS: Readonly<Record<string, KnownApp>> = {
  'bitcoin-knots': BITCOIND,
  'bitcoin-core': BITCOIND,
  bitcoin: BITCOIND,
  lnd: LND,
  electrs: ELECTRUM_SERVER,
  'mempool-electrs': ELECTRUM_SERVER,
  'btcpay-db': POSTGRES,
  'penpot-postgres': POSTGRES,
  immich_postgres: POSTGRES,
  'endurain-db': POSTGRES,
  'nextcloud-db': POSTGRES,
  'mempool-db': MARIADB,
  immich_redis: redis('redis-cli'),
  'penpot-valkey': redis('valkey-cli'),
  nextcloud: NEXTCLOUD,
  nbxplorer: NBXPLORER,
  'btcpay-server': BTCPAY,
  'mempool-api': MEMPOOL_API,
  'mempool-web': MEMPOOL_WEB,
  immich: IMMICH,
  immich_server: IMMICH,
  immich_machine_learning: IMMICH_LEARNING,
  'immich-machine-learning': IMMICH_LEARNING,
  tor: TOR,
};

/** By their app ids. */
export const KNOWN_APPS: readonly string[] = Object.keys(APPS);

/** How an app of an Archipelago server is asked whether it works; an empty list: nothing is known of it. */
export function probesOf(appId: string, credentials: ProbeCredentials | null): readonly Probe[] {
  const app = Object.hasOwn(APPS, appId) ? APPS[appId] : undefined;
  if (app === undefined) return [];
  return [
    credentials !== null && app.withLogin !== undefined ? { ...app.withLogin, credentials } : app.probe,
  ];
}
