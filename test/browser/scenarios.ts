import {
  STATUSES,
  type ContainerView,
  type ExternalView,
  type HealthStatus,
  type Incident,
  type MemoryTrend,
  type Notification,
  type Status,
  type StatusSpan,
  type Tier,
} from '../../src/common/events/index.js';
import type { WebhookView } from '../../src/webhooks/webhook-view.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

export interface Scenario {
  containers: ContainerView[];
  externals: ExternalView[];
  incidents: Incident[];
  notifications: Notification[];
  status: HealthStatus;
  /** Answer of `GET webhooks`. */
  webhooks: WebhookView[];
  samples: Record<string, { at: string; usedBytes: number }[]>;
}

export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
export const ahead = (ms: number): string => ago(-ms);

const healthySince = (ms: number): StatusSpan[] => [{ from: ago(ms), status: 'healthy' }];

/** A healthy container, and what is different about this one. */
export function container(name: string, tier: Tier, change: Partial<ContainerView> = {}): ContainerView {
  return {
    name,
    appId: name.replace(/^archy-/, ''),
    id: [...name]
      .reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
      .toString(16)
      .padStart(8, '0')
      .repeat(8),
    image: `docker.io/library/${name.replace(/[^a-z0-9-]/gi, '')}:latest`,
    tier,
    owner: 'monitor',
    desired: 'running',
    wish: 'running',
    hold: null,
    state: 'running',
    health: 'healthy',
    exit: null,
    probe: null,
    progress: null,
    unreadable: null,
    status: 'healthy',
    startedAt: ago(3 * 24 * HOUR),
    spans: healthySince(24 * HOUR),
    rules: {
      unhealthy: { value: 'restart', from: 'default' },
      maxAttempts: { value: 3, from: 'default' },
      backoffMs: { value: [10_000, 30_000, 90_000], from: 'default' },
      stopTimeoutMs: { value: 10_000, from: 'engine' },
      tier: { value: tier, from: 'preset' },
    },
    attempts: 0,
    maxAttempts: 3,
    nextAttemptAt: null,
    dependsOn: [],
    blockedBy: [],
    memory: { usedBytes: 120 * MIB, limitBytes: null, trend: null },
    decision: { code: 'healthy', reason: 'Healthy. Nothing to do.', at: ago(4 * SECOND) },
    ...change,
  };
}

const LAYOUT: [Tier, string[]][] = [
  ['database', ['btcpay-db', 'gitea-db', 'mempool-db', 'nextcloud-db', 'immich_postgres', 'immich_redis']],
  ['core', ['adguard', 'bitcoin', 'redis', 'traefik']],
  ['dependent', ['electrs', 'lnd', 'nbxplorer', 'tor-proxy']],
  [
    'application',
    ['btcpay', 'gitea', 'immich', 'jellyfin', 'mempool-api', 'nextcloud', 'vaultwarden', 'home-assistant'],
  ],
  ['frontend', ['btcpay-ui', 'lnd-ui', 'mempool-ui', 'photos-ui']],
];
const NEEDS: Record<string, string[]> = {
  electrs: ['bitcoin'],
  lnd: ['bitcoin'],
  nbxplorer: ['bitcoin'],
  btcpay: ['nbxplorer', 'btcpay-db'],
  'btcpay-ui': ['btcpay'],
  'lnd-ui': ['lnd'],
  'mempool-api': ['electrs', 'mempool-db'],
  'mempool-ui': ['mempool-api'],
  nextcloud: ['nextcloud-db'],
  gitea: ['gitea-db'],
  immich: ['immich_postgres', 'immich_redis'],
  'photos-ui': ['immich'],
};

function status(containers: readonly ContainerView[], change: Partial<HealthStatus> = {}): HealthStatus {
  const of = (status: Status) => containers.filter((view) => view.status === status).length;
  const counts = Object.fromEntries(STATUSES.map((status) => [status, of(status)])) as Record<Status, number>;
  return {
    nodeId: 'node-1',
    mode: 'heal',
    engine: { kind: 'podman', version: '5.4.2', reachable: true, since: ago(9 * 24 * HOUR), problem: null },
    startedAt: ago(9 * 24 * HOUR),
    healingFrom: ago(9 * 24 * HOUR - 2 * MINUTE),
    lastCheckAt: ago(4 * SECOND),
    containers: { total: containers.length, ...counts },
    externals: { total: 0, down: 0 },
    incidents: { open: 0, wrong: 0, upAgain: 0, soon: 0 },
    store: { kind: 'sqlite', durable: true, problem: null },
    machine: null,
    webhooks: null,
    ...change,
  };
}

function scenario(containers: ContainerView[], rest: Partial<Scenario> = {}): Scenario {
  return {
    externals: [],
    incidents: [],
    notifications: [],
    webhooks: [],
    samples: {},
    status: status(containers),
    containers,
    ...rest,
  };
}

const lastNight: Incident = {
  id: 'incident-1',
  kind: 'down',
  status: 'resolved',
  openedAt: ago(7 * HOUR),
  // It was watched for a minute more, whether it is over.
  resolvedAt: ago(7 * HOUR - 101 * SECOND),
  endedBy: 'attempt',
  cause: {
    container: 'vaultwarden',
    reason: 'Stopped with code 1.',
    evidence: {
      exitCode: 1,
      signal: null,
      oomKilled: false,
      health: null,
      log: ['Error: database is locked', 'exiting'],
      at: ago(7 * HOUR),
    },
  },
  attempts: 0,
  failedAttempt: null,
  victims: [],
  timeline: [
    {
      seq: 11,
      at: ago(7 * HOUR),
      type: 'container.exited',
      container: 'vaultwarden',
      data: { reason: 'Stopped with code 1.', exitCode: 1 },
    },
    {
      seq: 12,
      at: ago(7 * HOUR - SECOND),
      type: 'container.restarted',
      container: 'vaultwarden',
      data: { reason: 'Started, attempt 1 of 3.', attempt: 1 },
    },
    {
      seq: 13,
      at: ago(7 * HOUR - 41 * SECOND),
      type: 'container.recovered',
      container: 'vaultwarden',
      data: { reason: 'Healthy again after 41 seconds.' },
    },
  ],
};

function sawtooth(hours: number, start: number, perHour: number): { at: string; usedBytes: number }[] {
  const count = Math.min(288, hours * 12);
  return Array.from({ length: count }, (_, index) => {
    const hour = (index / count) * hours;
    const wave = ((index * 7919) % 13) / 13;
    return {
      at: ago((count - 1 - index) * (hours / count) * HOUR),
      usedBytes: Math.round((start + perHour * hour + wave * 24 + (index % 24) * 2.2) * MIB),
    };
  });
}

/** Everything is well; one short incident last night. */
export function fine(): Scenario {
  const containers = LAYOUT.flatMap(([tier, names]) =>
    names.map((name) => container(name, tier, { dependsOn: NEEDS[name] ?? [] })),
  );
  return scenario(containers, {
    incidents: [lastNight],
    samples: Object.fromEntries(containers.map(({ name }) => [name, sawtooth(24, 110, 0)])),
  });
}

function change(scene: Scenario, name: string, change: Partial<ContainerView>): void {
  scene.containers = scene.containers.map((view) => (view.name === name ? { ...view, ...change } : view));
}

function withStatus(
  name: Status,
  before: StatusSpan[] = healthySince(24 * HOUR),
  since = 2 * MINUTE,
): StatusSpan[] {
  return [...before, { from: ago(since), status: name }];
}

export const leakTrend: MemoryTrend = {
  leaking: true,
  floorBytes: 620 * MIB,
  growthBytesPerHour: 19 * MIB,
  sinceHours: 22,
  hoursToLimit: 9,
  reason: 'Its floor rises by 19 MiB an hour; limit in about 9 hours.',
};

/** bitcoin is down with four victims, jellyfin leaks, nextcloud is held, photos-ui ignored. */
export function incident(): Scenario {
  const scene = fine();
  const opened = 2 * MINUTE;
  change(scene, 'bitcoin', {
    status: 'backing-off',
    state: 'exited',
    health: 'none',
    exit: { code: 137, signal: 'SIGKILL', oomKilled: true, at: ago(6 * SECOND) },
    attempts: 2,
    nextAttemptAt: ahead(24 * SECOND),
    spans: withStatus('backing-off'),
    memory: { usedBytes: 0, limitBytes: 4_000 * MIB, trend: null },
    decision: {
      code: 'backing-off',
      reason:
        'It came back twice and was killed again after 31 and 44 seconds. If attempt 3 fails, the monitor gives up and tells you.',
      at: ago(6 * SECOND),
    },
  });
  const victims = ['lnd', 'electrs', 'nbxplorer', 'btcpay'];
  for (const name of victims) {
    change(scene, name, {
      status: 'waiting',
      state: 'exited',
      health: 'none',
      blockedBy: ['bitcoin'],
      exit: { code: 1, oomKilled: false, at: ago(80 * SECOND) },
      spans: withStatus('waiting'),
      decision: { code: 'waiting', reason: 'bitcoin is not healthy yet.', at: ago(4 * SECOND) },
    });
  }
  change(scene, 'nextcloud', {
    status: 'held',
    desired: 'held',
    hold: { reason: 'backup', by: 'admin', since: ago(HOUR), until: ahead(3 * HOUR) },
    decision: { code: 'held', reason: 'On hold: backup.', at: ago(4 * SECOND) },
    spans: withStatus('held', healthySince(24 * HOUR), HOUR),
  });
  change(scene, 'photos-ui', {
    status: 'ignored',
    rules: { ignore: { value: true, from: 'label' } },
    decision: { code: 'ignored', reason: 'Ignored by its label.', at: ago(4 * SECOND) },
  });
  change(scene, 'jellyfin', {
    memory: { usedBytes: 702 * MIB, limitBytes: 880 * MIB, trend: leakTrend },
    spans: [
      { from: ago(24 * HOUR), status: 'healthy' },
      { from: ago(13 * HOUR), status: 'unhealthy' },
      { from: ago(12.6 * HOUR), status: 'down' },
      { from: ago(12.4 * HOUR), status: 'starting' },
      { from: ago(12.3 * HOUR), status: 'healthy' },
      { from: ago(6 * HOUR), status: 'not-watched' },
      { from: ago(5.3 * HOUR), status: 'healthy' },
    ],
  });
  scene.samples.jellyfin = sawtooth(22, 180, 19);
  scene.samples.bitcoin = sawtooth(12, 1_420, 210);
  const open: Incident = {
    id: 'incident-2',
    kind: 'down',
    status: 'open',
    openedAt: ago(opened),
    resolvedAt: null,
    endedBy: null,
    cause: {
      container: 'bitcoin',
      reason: 'Killed by the kernel: memory 3.9 of 3.9 GiB (code 137, out of memory).',
      evidence: {
        exitCode: 137,
        signal: 'SIGKILL',
        oomKilled: true,
        health: null,
        log: [
          '2026-01-01T03:12:02Z UpdateTip: new best=0000000000000000000174',
          '2026-01-01T03:12:03Z Flushing chainstate',
          'Killed',
        ],
        at: ago(opened),
      },
    },
    attempts: 2,
    failedAttempt: null,
    victims: victims.map((name) => ({ container: name, from: ago(opened - 20 * SECOND), to: null })),
    timeline: [
      {
        seq: 20,
        at: ago(opened),
        type: 'container.exited',
        container: 'bitcoin',
        data: {
          reason: 'Stopped with code 137; it had reached its memory limit.',
          exitCode: 137,
          oomKilled: true,
        },
      },
      {
        seq: 21,
        at: ago(opened),
        type: 'container.restarted',
        container: 'bitcoin',
        data: { reason: 'Attempt 1 of 3: started at once.', attempt: 1 },
      },
      {
        seq: 23,
        at: ago(opened - 20 * SECOND),
        type: 'container.waiting',
        container: 'lnd',
        data: { reason: 'bitcoin is not healthy yet.', blockedBy: ['bitcoin'] },
      },
      {
        seq: 24,
        at: ago(opened - 20 * SECOND),
        type: 'container.waiting',
        container: 'electrs',
        data: { reason: 'bitcoin is not healthy yet.', blockedBy: ['bitcoin'] },
      },
      {
        seq: 25,
        at: ago(opened - 31 * SECOND),
        type: 'container.exited',
        container: 'bitcoin',
        data: { reason: 'Killed again after 31 seconds.', exitCode: 137, oomKilled: true },
      },
      {
        seq: 26,
        at: ago(opened - 41 * SECOND),
        type: 'container.restarted',
        container: 'bitcoin',
        data: { reason: 'Attempt 2 of 3, after 10 seconds.', attempt: 2 },
      },
      {
        seq: 27,
        at: ago(opened - 85 * SECOND),
        type: 'container.exited',
        container: 'bitcoin',
        data: { reason: 'Killed again after 44 seconds.', exitCode: 137, oomKilled: true },
      },
    ],
  };
  const leak: Incident = {
    id: 'incident-3',
    kind: 'leak',
    status: 'open',
    openedAt: ago(3 * HOUR),
    resolvedAt: null,
    endedBy: null,
    cause: { container: 'jellyfin', reason: leakTrend.reason, evidence: null },
    attempts: 0,
    failedAttempt: null,
    victims: [],
    timeline: [
      {
        seq: 15,
        at: ago(3 * HOUR),
        type: 'memory.leak',
        container: 'jellyfin',
        data: { reason: leakTrend.reason },
      },
    ],
  };
  scene.incidents = [open, leak, ...scene.incidents];
  scene.notifications = [
    {
      id: 'health-jellyfin-1767225600',
      level: 'warning',
      title: 'jellyfin is leaking memory',
      message: leakTrend.reason,
      timestamp: ago(3 * HOUR),
      appId: 'jellyfin',
      type: 'memory.leak',
      read: false,
      incidentId: 'incident-3',
    },
    {
      id: 'health-lnd-1767215600',
      level: 'error',
      title: 'lnd was given up',
      message:
        'Container restarted (3/3 attempts) and exited again with 1. May need manual attention. Next try at 14:05.',
      timestamp: ago(8 * HOUR),
      appId: 'lnd',
      type: 'container.given_up',
      read: false,
    },
    {
      id: 'health-vaultwarden-1767205600',
      level: 'info',
      title: 'vaultwarden is healthy again',
      message: 'Down for 4 minutes.',
      timestamp: ago(30 * HOUR),
      appId: 'vaultwarden',
      type: 'container.recovered',
      read: true,
      incidentId: 'incident-1',
    },
  ];
  scene.webhooks = webhooks();
  scene.status = status(scene.containers, { webhooks: { endpoints: 2, failing: 1, queued: 1 } });
  return scene;
}

/** lnd is given up, gitea unhealthy and starting things around it. */
export function givenUp(): Scenario {
  const scene = fine();
  change(scene, 'lnd', {
    status: 'given-up',
    state: 'exited',
    health: 'none',
    attempts: 3,
    exit: { code: 1, oomKilled: false, at: ago(12 * MINUTE) },
    nextAttemptAt: ahead(48 * MINUTE),
    spans: withStatus('given-up', healthySince(24 * HOUR), 14 * MINUTE),
    decision: { code: 'given-up', reason: '3 of 3 attempts failed. It may need you.', at: ago(12 * MINUTE) },
  });
  change(scene, 'gitea', {
    status: 'unhealthy',
    health: 'unhealthy',
    spans: withStatus('unhealthy', healthySince(24 * HOUR), 40 * SECOND),
    decision: {
      code: 'unhealthy-waiting',
      reason: 'Unhealthy for 40 seconds; waiting for 60.',
      at: ago(2 * SECOND),
    },
  });
  change(scene, 'immich', {
    status: 'restarting',
    attempts: 2,
    health: 'none',
    spans: withStatus('restarting', healthySince(24 * HOUR), 5 * SECOND),
    decision: {
      code: 'restarting',
      reason: 'Failed its health check for 1 minute. Restarting it now.',
      at: ago(5 * SECOND),
    },
  });
  change(scene, 'redis', {
    status: 'starting',
    health: 'starting',
    startedAt: ago(40 * SECOND),
    spans: withStatus('starting', healthySince(24 * HOUR), 40 * SECOND),
  });
  change(scene, 'traefik', {
    status: 'stopped',
    wish: 'stopped',
    desired: 'stopped',
    state: 'exited',
    health: 'none',
    decision: { code: 'stopped', reason: 'You stopped it; left off.', at: ago(HOUR) },
  });
  const open = (
    id: string,
    name: string,
    kind: Incident['kind'],
    ms: number,
    reason: string,
    exitCode: number | null,
  ): Incident => ({
    id,
    kind,
    status: 'open',
    openedAt: ago(ms),
    resolvedAt: null,
    endedBy: null,
    cause: {
      container: name,
      reason,
      evidence: {
        exitCode,
        signal: null,
        oomKilled: false,
        health: exitCode === null ? 'connect: connection refused' : null,
        log: ['panic: wallet is locked', 'exit status 1'],
        at: ago(ms),
      },
    },
    attempts: 0,
    failedAttempt: null,
    victims: [],
    timeline: [
      {
        seq: 30,
        at: ago(ms),
        type: 'container.exited',
        container: name,
        data: { reason, exitCode: exitCode ?? 0 },
      },
    ],
  });
  scene.incidents = [
    open(
      'incident-5',
      'gitea',
      'unhealthy',
      40 * SECOND,
      'Its health check fails: connection refused.',
      null,
    ),
    open('incident-4', 'lnd', 'down', 14 * MINUTE, 'Stopped with code 1.', 1),
    ...scene.incidents,
  ];
  scene.status = status(scene.containers);
  return scene;
}

/** Podman does not answer. */
/** Served by a replica that cannot reach the database. `redis` stands for the one that brings it back. */
export function cutOff(): Scenario {
  const scene = incident();
  const stopped = {
    status: 'stopped',
    wish: 'stopped',
    desired: 'stopped',
    state: 'exited',
    decision: { code: 'stopped', reason: 'You stopped it; left off.', at: ago(4 * MINUTE) },
  } as const;
  scene.containers = scene.containers.map((view) =>
    view.name === 'redis' || view.name === 'gitea' ? { ...view, ...stopped } : view,
  );
  const seen = { version: '1.0.0', reaches: 1, seenAt: ago(SECOND) };
  const [leader, here] = ['box-1111', 'box-2222'].map((id) => ({ id, leads: id === 'box-1111', ...seen }));
  scene.status = status(scene.containers, {
    mode: 'observe',
    incidents: scene.status.incidents,
    store: {
      kind: 'postgres',
      durable: false,
      problem: 'PostgreSQL at db:5432 refuses connections: is it started?',
    },
    replica: { id: here!.id, role: 'cut-off', leader: null, replicas: [leader!, here!] },
    onlyReads: {
      reason:
        "The monitor's database cannot be reached, so nobody here knows which replica leads: nothing can be asked for " +
        'but a start of the container in which it runs. Bring the database back and try again.',
      startable: ['redis'],
    },
  });
  return scene;
}

export function outage(): Scenario {
  const scene = incident();
  scene.status = status(scene.containers, {
    engine: {
      kind: 'podman',
      version: '5.4.2',
      reachable: false,
      since: ago(4 * MINUTE),
      problem: 'Start it with `systemctl start podman.socket`.',
    },
    lastCheckAt: ago(4 * MINUTE),
  });
  scene.incidents = [
    {
      id: 'incident-9',
      kind: 'engine',
      status: 'open',
      openedAt: ago(4 * MINUTE),
      resolvedAt: null,
      endedBy: null,
      cause: {
        container: null,
        reason:
          'Podman does not answer: connect ENOENT /run/podman/podman.sock. Start it with `systemctl start podman.socket`.',
        evidence: null,
      },
      attempts: 0,
      failedAttempt: null,
      victims: [],
      timeline: [
        {
          seq: 40,
          at: ago(4 * MINUTE),
          type: 'engine.unreachable',
          data: { reason: 'Podman does not answer.' },
        },
      ],
    },
    ...scene.incidents,
  ];
  return scene;
}

const ofMachine = (id: string, machine: string, change: Partial<Incident>): Incident => ({
  id,
  kind: 'disk',
  status: 'open',
  openedAt: ago(9 * MINUTE),
  resolvedAt: null,
  endedBy: null,
  cause: { container: null, machine, reason: `${machine} is full in about 2 days.`, evidence: null },
  attempts: 0,
  failedAttempt: null,
  victims: [],
  timeline: [],
  ...change,
});

/** The disk of the engine has no space, which keeps two down; another one fills up, and a third is read-only. */
export function machine(): Scenario {
  const scene = fine();
  const down = ['mempool-db', 'nextcloud'];
  for (const name of down)
    change(scene, name, {
      state: 'exited',
      health: 'none',
      status: 'waiting',
      spans: withStatus('waiting'),
      decision: {
        code: 'no-space',
        reason: 'No space is left on /. It is started when there is some, and tried at 12:10.',
        at: ago(9 * MINUTE),
      },
    });
  const full = 'No space is left on /.';
  scene.incidents = [
    ofMachine('incident-2', '/', {
      kind: 'disk-full',
      cause: { container: null, machine: '/', reason: full, evidence: null },
      victims: down.map((name) => ({ container: name, from: ago(9 * MINUTE), to: null })),
    }),
    ofMachine('incident-3', '/mnt/films', {}),
    ...scene.incidents,
  ];
  const fileSystem = {
    readOnly: false,
    ofEngine: false,
    containers: [],
    fullInMs: null,
    standing: 'ok',
  } as const;
  scene.status = status(scene.containers, {
    incidents: { open: 2, wrong: 1, upAgain: 0, soon: 1 },
    machine: {
      at: ago(20 * SECOND),
      fileSystems: [
        {
          ...fileSystem,
          mount: '/',
          sizeBytes: 240 * GIB,
          freeBytes: 12 * MIB,
          ofEngine: true,
          standing: 'full',
        },
        { ...fileSystem, mount: '/mnt/backup', sizeBytes: 2_000 * GIB, freeBytes: 700 * GIB },
        {
          ...fileSystem,
          mount: '/mnt/films',
          sizeBytes: 4_000 * GIB,
          freeBytes: 310 * GIB,
          fullInMs: 50 * HOUR,
          standing: 'foretold',
        },
      ],
      memoryPressure: 0.02,
      clockOffMs: 400,
    },
  });
  return scene;
}

export function empty(): Scenario {
  return scenario([]);
}

export const HOSTILE = {
  image: '<img src=x onerror="document.title=\'pwned\'">',
  override: 'evil\u202Egnp.exe',
  invisible: 'a\u200Bb\u2066c\u0007d',
  long: 'n'.repeat(200),
};

/** Every text a container can bring along is an attack. */
export function hostile(): Scenario {
  const scene = fine();
  const reason = `<script>document.title='pwned'</script>${HOSTILE.override}`;
  for (const name of Object.values(HOSTILE)) {
    scene.containers.push(
      container(name, 'application', {
        image: `javascript:alert(1)//${HOSTILE.image}`,
        status: 'given-up',
        state: 'exited',
        health: 'none',
        attempts: 3,
        dependsOn: ['bitcoin', HOSTILE.image],
        hold: null,
        rules: {
          [HOSTILE.image]: { value: HOSTILE.override, from: 'label' },
          maxAttempts: { value: { a: '<b>' }, from: 'label' },
        },
        decision: { code: 'given-up', reason, at: ago(MINUTE) },
        exit: { code: 1, oomKilled: false, at: ago(MINUTE) },
        spans: withStatus('given-up'),
      }),
    );
    scene.incidents.unshift({
      ...lastNight,
      id: `i-${name}`,
      status: 'open',
      resolvedAt: null,
      endedBy: null,
      cause: {
        container: name,
        reason,
        evidence: {
          exitCode: 1,
          signal: HOSTILE.image,
          oomKilled: false,
          health: HOSTILE.image,
          log: [HOSTILE.image, HOSTILE.override],
          at: ago(MINUTE),
        },
      },
      attempts: 0,
      failedAttempt: null,
      victims: [{ container: HOSTILE.image, from: ago(MINUTE), to: null }],
    });
    scene.notifications.push({
      id: `n-${name}`,
      level: 'error',
      title: `${name} is unhealthy`,
      message: reason,
      timestamp: ago(MINUTE),
      type: 'container.given_up',
      read: false,
      incidentId: `"><img src=x onerror=alert(1)>`,
    });
  }
  scene.webhooks = [
    { ...webhooks()[0]!, id: HOSTILE.image, url: `javascript:alert(1)//${HOSTILE.override}` },
  ];
  scene.status = status(scene.containers, { nodeId: HOSTILE.image });
  return scene;
}

/** The router is away; two wait for it, and the NAS works. `isBack`: it has just come back, and they have not. */
export function routerAway(isBack = false): Scenario {
  const needs = { nextcloud: ['nextcloud-db', 'nas'], 'tor-proxy': ['router'], jellyfin: ['nas'] };
  const waiting = { status: 'waiting', state: 'exited', dependsOn: ['router'] } as const;
  const down = ['tor-proxy', 'lnd'];
  const containers = fine().containers.map((view) =>
    down.includes(view.name)
      ? {
          ...view,
          ...waiting,
          blockedBy: isBack ? [] : ['router'],
          decision: {
            code: 'waiting-for-dependency',
            reason: 'Waits: The router is down.',
            at: ago(4 * MINUTE),
          },
        }
      : { ...view, dependsOn: (needs as Partial<Record<string, string[]>>)[view.name] ?? view.dependsOn },
  );
  const base = { progress: null, since: ago(9 * HOUR) };
  const externals: ExternalView[] = [
    {
      ...base,
      id: 'router',
      name: 'The router',
      asked: 'tcp 192.168.1.1:53',
      status: isBack ? 'up' : 'down',
      sentence: isBack ? 'It takes connections at 192.168.1.1:53.' : 'No answer within 5 s.',
      since: ago(isBack ? 10 * SECOND : 4 * MINUTE),
    },
    {
      ...base,
      id: 'nas',
      name: 'The NAS',
      asked: 'tcp 192.168.1.5:2049',
      status: 'up',
      sentence: 'It takes connections at 192.168.1.5:2049.',
    },
  ];
  const incident: Incident = {
    ...lastNight,
    id: 'router-1',
    kind: 'external',
    status: 'open',
    openedAt: ago(5 * MINUTE),
    resolvedAt: null,
    endedBy: null,
    cause: {
      container: null,
      external: 'router',
      name: 'The router',
      reason: 'No answer within 5 s.',
      evidence: null,
    },
    victims: down.map((container) => ({ container, from: ago(4 * MINUTE), to: null })),
    timeline: [
      {
        seq: 21,
        at: ago(4 * MINUTE),
        type: 'external.down',
        data: { reason: 'No answer within 5 s.', incidentId: 'router-1' },
      },
    ],
  };
  return scenario(containers, {
    externals,
    incidents: [incident, lastNight],
    status: status(containers, {
      externals: { total: 2, down: isBack ? 0 : 1 },
      incidents: { open: 1, wrong: isBack ? 0 : 1, upAgain: isBack ? 1 : 0, soon: 0 },
    }),
  });
}

const engineOf = (kind: string, version: string, silentFor?: number) => ({
  kind,
  version,
  reachable: silentFor === undefined,
  since: ago(silentFor ?? 3 * HOUR),
  problem: silentFor === undefined ? null : ATTIC_SILENT,
});
const ATTIC_SILENT = 'ssh: connect to host attic port 22: No route to host.';

/** All is well here; the attic is silent, and on the NAS one is given up. */
export function severalHosts(): Scenario {
  const scene = fine();
  const on = (host: string, change: Partial<ContainerView>, ...names: string[]) =>
    names.map((name) => container(name, 'application', { host, ...change }));
  const lost = { status: 'unknown' } as const;
  scene.containers.push(
    ...on('attic', lost, 'lnd', 'bitcoin', 'electrs'),
    ...on('nas', {}, 'minio', 'restic', 'syncthing', 'a-name-that-does-not-fit-into-a-tile'),
    ...on(
      'nas',
      {
        status: 'given-up',
        state: 'exited',
        health: 'none',
        attempts: 3,
        exit: { code: 1, oomKilled: false, at: ago(12 * MINUTE) },
        nextAttemptAt: ahead(48 * MINUTE),
        spans: withStatus('given-up', healthySince(24 * HOUR), 14 * MINUTE),
        decision: {
          code: 'given-up',
          reason: '3 of 3 attempts failed. It may need you.',
          at: ago(12 * MINUTE),
        },
      },
      'photos',
    ),
  );
  const open = { status: 'open', resolvedAt: null, endedBy: null, timeline: [] } as const;
  scene.incidents = [
    {
      ...lastNight,
      ...open,
      id: 'attic/incident-1',
      host: 'attic',
      kind: 'engine',
      openedAt: ago(9 * MINUTE),
      cause: { container: null, name: 'The attic', reason: ATTIC_SILENT, evidence: null },
    },
    {
      ...lastNight,
      ...open,
      id: 'nas/incident-1',
      host: 'nas',
      openedAt: ago(14 * MINUTE),
      cause: { ...lastNight.cause, container: 'nas/photos' },
    },
    ...scene.incidents,
  ];
  const about = { lastCheckAt: ago(4 * SECOND), machine: null };
  scene.status = status(scene.containers, {
    incidents: { open: 2, wrong: 2, upAgain: 0, soon: 0 },
    hosts: [
      { ...about, host: 'attic', name: 'The attic', engine: engineOf('podman', '4.3.1', 9 * MINUTE) },
      { ...about, host: 'nas', name: 'The NAS', engine: engineOf('docker', '26.1.5') },
    ],
  });
  return scene;
}

/** `count` containers, one in ten of them with something to say. */
export function many(count: number): Scenario {
  const tiers: Tier[] = ['database', 'core', 'dependent', 'application', 'frontend'];
  const containers = Array.from({ length: count }, (_, index) => {
    const tier = tiers[index % 5] ?? 'application';
    const spans: StatusSpan[] = Array.from({ length: 1 + (index % 4) }, (_, n) => ({
      from: ago((24 - n * 5 - (index % 3)) * HOUR),
      status: n % 2 ? 'unhealthy' : 'healthy',
    }));
    const view = container(`app-${String(index).padStart(3, '0')}`, tier, {
      spans,
      dependsOn: index > 5 ? [`app-${String(index - 5).padStart(3, '0')}`] : [],
      memory: { usedBytes: (100 + index) * MIB, limitBytes: index % 2 ? 1_000 * MIB : null, trend: null },
    });
    return index % 10 === 9 ? { ...view, status: 'unhealthy' as const, health: 'unhealthy' as const } : view;
  });
  return scenario(containers, { incidents: [lastNight] });
}

function webhooks(): WebhookView[] {
  const base = { enabled: true, disabled: null, rotatingUntil: null, pending: 0 };
  return [
    {
      ...base,
      id: 'home',
      url: 'https://ntfy.home.example/alerts',
      format: 'ntfy',
      events: null,
      origin: 'config',
      signed: false,
      failingSince: null,
      testFailedAt: null,
      lastDeliveredAt: ago(3 * HOUR),
    },
    {
      ...base,
      id: 'ops',
      url: 'https://hooks.slack.example/services/T000/B000/secret-path',
      format: 'slack',
      events: ['container.*'],
      origin: 'api',
      signed: true,
      failingSince: ago(2 * HOUR),
      testFailedAt: null,
      lastDeliveredAt: ago(5 * HOUR),
      pending: 1,
    },
  ];
}
