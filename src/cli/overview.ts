import type {
  ContainerView,
  EngineStatus,
  ExternalStatus,
  ExternalView,
  FileSystemView,
  HealthStatus,
  Incident,
  Status,
} from '../common/events/index.js';
import { referenceOf } from '../common/reference/index.js';
import {
  causeName,
  engineInWords,
  replicaInWords,
  standingOf,
  statusOfCause,
  upAmong,
} from '../common/standing/index.js';
import { aboutInWords, sizeInWords } from '../common/text/index.js';
import { beganAt } from './began.js';
import type { Colour, Output } from './terminal/output.js';
import { tableOf, type Cell, type Row } from './terminal/table.js';
import { oneLine, timeOf } from './terminal/text.js';

/** How everything is, as the app tells it. */
export interface Overview {
  readonly status: HealthStatus;
  readonly containers: readonly ContainerView[];
  readonly externals: readonly ExternalView[];
  /** Open ones. */
  readonly incidents: readonly Incident[];
}

type Paint = Output['paint'];

/** Whether a person has something to see to. Pure. */
export const isSomethingWrong = ({ engine, incidents }: HealthStatus): boolean =>
  !engine.reachable || incidents.wrong > 0;

/** The overview as lines, which are cut to `most` characters. Pure. */
export function* overviewLines(
  { status, containers, externals, incidents }: Overview,
  now: number,
  paint: Paint,
  most = Infinity,
): Generator<string> {
  yield* tableOf(headline(status, externals, now, paint), most);
  const notHealthy = containers.filter((one) => one.status !== 'healthy').sort(byGravity);
  if (notHealthy.length > 0) yield* ['', ...tableOf(containerRows(notHealthy, now, paint), most)];
  const notUp = externals.filter((one) => one.status !== 'up');
  if (notUp.length > 0) yield* ['', ...tableOf(externalRows(notUp, now, paint), most)];
  if (incidents.length > 0)
    yield* ['', ...tableOf(incidentRows(incidents, { containers, externals }, now, paint), most)];
}

function headline(
  status: HealthStatus,
  externals: readonly ExternalView[],
  now: number,
  paint: Paint,
): Row[] {
  const { total, ...counts } = status.containers;
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  const { open, wrong, upAgain, soon } = status.incidents;
  const incidents =
    open === 0 ? 'none open' : `${open} open: ${wrong} wrong now, ${upAgain} up again, ${soon} soon`;
  const isWrong = (wrong: boolean): Pick<Cell, 'paint'> =>
    wrong ? { paint: (text) => paint('red', text) } : {};
  return [
    ['containers', [`${total}`, ...kinds.map(([kind, count]) => `${count} ${oneLine(kind)}`)].join(', ')],
    ...(externals.length === 0
      ? []
      : [['externals', { text: externalWords(externals), ...isWrong(externals.some(isDown)) }]]),
    ['incidents', { text: incidents, ...isWrong(wrong > 0) }],
    ['engine', { text: engineWords(status.engine, now), ...isWrong(!status.engine.reachable) }],
    ...(status.hosts ?? []).map(({ name, engine }) => [
      'host',
      { text: `${oneLine(name)}: ${engineWords(engine, now)}`, ...isWrong(!engine.reachable) },
    ]),
    ['monitor', monitorWords(status, now)],
    ...servedBy(status),
    ...machineRows(status, paint),
    ...problemsOf(status),
  ];
}

const isDown = ({ status }: ExternalView): boolean => status === 'down';

function externalWords(externals: readonly ExternalView[]): string {
  const statuses = [...new Set(externals.map(({ status }) => status))];
  const counts = statuses.map((each) => {
    const same = externals.filter(({ status }) => status === each);
    return `${same.length} ${oneLine(each)}`;
  });
  return [`${externals.length}`, ...counts].join(', ');
}

function engineWords(engine: EngineStatus, now: number): string {
  const since = engine.since === null ? '' : ` since ${timeOf(engine.since, now)}`;
  const what = oneLine(engineInWords(engine));
  const problem = engine.problem === null ? '' : `: ${oneLine(engine.problem)}`;
  const standing = `${engine.reachable ? 'reachable' : 'not reachable'}${since}${problem}`;
  return what === '' ? standing : `${what}, ${standing}`;
}

function monitorWords({ nodeId, mode, healingFrom, lastCheckAt }: HealthStatus, now: number): string {
  const heals = Date.parse(healingFrom) > now ? `heals from ${timeOf(healingFrom, now)} on` : 'heals';
  const checked = lastCheckAt === null ? 'has not checked yet' : `last check ${timeOf(lastCheckAt, now)}`;
  return `${oneLine(nodeId)}, ${mode === 'heal' ? heals : 'only observes'}, ${checked}`;
}

/** By whom, where there are several that may be. */
function servedBy({ replica }: HealthStatus): Row[] {
  const words = replica && replicaInWords(replica);
  return words ? [['replica', oneLine(words)]] : [];
}

/** Each file system; an app of an earlier version does not tell of them. */
function machineRows({ machine }: HealthStatus, paint: Paint): Row[] {
  const rows = ((machine as HealthStatus['machine'] | undefined)?.fileSystems ?? []).map((one): Row => [
    'space',
    { text: spaceWords(one), ...(one.standing === 'ok' ? {} : { paint: (text) => paint('yellow', text) }) },
  ]);
  return rows.slice(0, MOST_FILE_SYSTEMS);
}

const MOST_FILE_SYSTEMS = 8;

function spaceWords({ mount, sizeBytes, freeBytes, standing, fullInMs }: FileSystemView): string {
  const free = `${sizeInWords(freeBytes)} of ${sizeInWords(sizeBytes)} free`;
  const full = fullInMs === null ? '' : `, full in about ${aboutInWords(fullInMs)}`;
  return `${oneLine(mount)}: ${free}${full}${standing === 'ok' ? '' : `, ${oneLine(standing)}`}`;
}

/** What else is to be known, where there is something. */
function problemsOf({ store, webhooks }: HealthStatus): Row[] {
  return [
    ...(store.problem === null ? [] : [['store', oneLine(store.problem)]]),
    ...(webhooks === null || webhooks.failing === 0
      ? []
      : [
          ['webhooks', `${webhooks.failing} of ${webhooks.endpoints} failing, ${webhooks.queued} to be sent`],
        ]),
  ];
}

const containerRows = (containers: readonly ContainerView[], now: number, paint: Paint): Row[] => [
  ['NAME', 'STATUS', 'SINCE', 'WHY'].map((text) => ({ text, paint: (name) => paint('dim', name) })),
  ...containers.map((view) => [
    oneLine(referenceOf(view)),
    statusCell(view.status, paint),
    timeOf(view.spans.at(-1)?.from ?? view.decision.at, now),
    oneLine(view.decision.reason),
  ]),
];

const externalRows = (externals: readonly ExternalView[], now: number, paint: Paint): Row[] => [
  ['EXTERNAL', 'STATUS', 'SINCE', 'WHY'].map((text) => ({ text, paint: (name) => paint('dim', name) })),
  ...externals.map(({ name, status, since, sentence }) => [
    oneLine(name),
    externalStatusCell(status, paint),
    since === null ? '' : timeOf(since, now),
    oneLine(sentence),
  ]),
];

function incidentRows(
  incidents: readonly Incident[],
  { containers, externals }: Pick<Overview, 'containers' | 'externals'>,
  now: number,
  paint: Paint,
): Row[] {
  const statuses = new Map(containers.map((view) => [referenceOf(view), view.status]));
  const causes = {
    statusOf: (name: string) => statuses.get(name),
    isUp: upAmong(externals),
  };
  return [
    ['INCIDENT', 'OF', 'NOW', 'SINCE', 'HOW IT BEGAN'].map((text) => ({
      text,
      paint: (name) => paint('dim', name),
    })),
    ...incidents.map((incident) => {
      const { reason } = incident.cause;
      return [
        oneLine(incident.kind),
        oneLine(causeName(incident.cause, 'the engine')),
        standingOf(incident, statusOfCause(incident, causes)),
        beganAt(incident, now),
        oneLine(reason),
      ];
    }),
  ];
}

/** What needs a person first; what is meant to be so, last. */
const GRAVITY: Readonly<Record<Status, { readonly rank: number; readonly colour: Colour }>> = {
  'given-up': { rank: 0, colour: 'red' },
  down: { rank: 1, colour: 'red' },
  'crash-looping': { rank: 1, colour: 'red' },
  unhealthy: { rank: 1, colour: 'red' },
  'backing-off': { rank: 2, colour: 'yellow' },
  waiting: { rank: 2, colour: 'yellow' },
  restarting: { rank: 2, colour: 'yellow' },
  unknown: { rank: 2, colour: 'yellow' },
  'not-yet': { rank: 3, colour: 'yellow' },
  starting: { rank: 3, colour: 'yellow' },
  held: { rank: 4, colour: 'dim' },
  stopped: { rank: 5, colour: 'dim' },
  ignored: { rank: 6, colour: 'dim' },
  healthy: { rank: 7, colour: 'green' },
};

/** A newer app may know a status that this version does not. */
const gravityOf = (status: Status) =>
  (GRAVITY as Partial<typeof GRAVITY>)[status] ?? { rank: 3, colour: 'yellow' };

const byGravity = (a: ContainerView, b: ContainerView): number =>
  gravityOf(a.status).rank - gravityOf(b.status).rank || referenceOf(a).localeCompare(referenceOf(b));

/** Its status, in its colour. Pure. */
export const statusCell = (status: Status, paint: Paint): Cell => ({
  text: oneLine(status),
  paint: (text) => paint(gravityOf(status).colour, text),
});

const COLOUR_OF: Readonly<Record<ExternalStatus, Colour>> = {
  down: 'red',
  'not-yet': 'yellow',
  unknown: 'yellow',
  up: 'green',
};

/** The same of an external. Pure. */
export const externalStatusCell = (status: ExternalStatus, paint: Paint): Cell => ({
  text: oneLine(status),
  paint: (text) => paint((COLOUR_OF as Partial<typeof COLOUR_OF>)[status] ?? 'yellow', text),
});
