import type {
  ContainerDetailView,
  ExitView,
  ExternalView,
  HoldView,
  Incident,
} from '../../common/events/index.js';
import { referenceOf } from '../../common/reference/index.js';
import { causeName, probeSentence } from '../../common/standing/index.js';
import { sinceBegan } from '../began.js';
import { statusCell } from '../overview.js';
import type { Output } from '../terminal/output.js';
import { tableOf, type Row } from '../terminal/table.js';
import { oneLine, timeOf } from '../terminal/text.js';

/** What the incidents of a container are about. */
export interface Surrounding {
  /** Open ones. */
  readonly incidents: readonly Incident[];
  readonly externals: readonly ExternalView[];
}

/** How a container is and why, as lines; what says nothing is left out. Pure. */
export function nowLines(
  container: ContainerDetailView,
  { incidents, externals }: Surrounding,
  now: number,
  paint: Output['paint'],
): readonly string[] {
  const name = referenceOf(container);
  const { status, spans, decision, exit, hold, attempts, maxAttempts } = container;
  const { nextAttemptAt, blockedBy, unreadable, probe } = container;
  const since = spans.at(-1)?.from ?? decision.at;
  const at = (iso: string): string => timeOf(iso, now);
  const { text, paint: inColour } = statusCell(status, paint);
  const rows: Row[] = [
    ['wished', wished(container)],
    ['decided', at(decision.at)],
    ...(exit === null ? [] : [['exit', exitWords(exit, at)]]),
    ...(attempts === 0 ? [] : [['attempts', `${attempts} of ${maxAttempts}`]]),
    ...(nextAttemptAt === null ? [] : [['next attempt', at(nextAttemptAt)]]),
    ...(blockedBy.length === 0
      ? []
      : [['waits for', blockedBy.map((one) => oneLine(nameOf(one, externals))).join(', ')]]),
    ...(hold === null ? [] : [['hold', holdWords(hold, at)]]),
    // An app of an earlier version has none.
    ...(probe ? [['probe', oneLine(probeSentence(probe))]] : []),
    ...(unreadable === null ? [] : [['unreadable', oneLine(unreadable)]]),
    ...incidents.flatMap((incident) => incidentRows(incident, name, now)),
  ];
  return [
    `${oneLine(name)} is ${inColour?.(text) ?? text} since ${at(since)}.`,
    oneLine(decision.reason),
    '',
    ...tableOf(rows),
  ];
}

/** An external is called by its name. */
const nameOf = (blocker: string, externals: readonly ExternalView[]): string =>
  externals.find(({ id }) => id === blocker)?.name ?? blocker;

type At = (iso: string) => string;

const wished = ({ wish, state, health, owner }: ContainerDetailView): string =>
  [
    wish,
    `the engine says ${oneLine(state)}${health === 'none' ? '' : `, ${oneLine(health)}`}`,
    ...(owner === 'monitor' ? [] : [`${owner} restarts it first`]),
  ].join('; ');

function exitWords({ code, signal, oomKilled, at }: ExitView, time: At): string {
  const how = [`code ${code}`, ...(signal === undefined ? [] : [oneLine(signal)])].join(', ');
  return `${how}${oomKilled ? ', out of memory' : ''}, at ${time(at)}`;
}

const holdWords = ({ reason, by, since, until }: HoldView, time: At): string =>
  `${oneLine(reason)}, by ${oneLine(by)} since ${time(since)}, ${until === null ? 'until released' : `until ${time(until)}`}`;

/** Of those that it caused, or went down by. */
function incidentRows(incident: Incident, name: string, now: number): Row[] {
  const { kind, cause, victims, failedAttempt } = incident;
  const isCause = cause.container === name;
  if (!isCause && !victims.some(({ container, to }) => container === name && to === null)) return [];
  const of = isCause ? '' : ` of ${oneLine(causeName(cause, 'the engine'))}`;
  const rows = [['incident', `${oneLine(kind)}${of} ${sinceBegan(incident, now)}: ${oneLine(cause.reason)}`]];
  return isCause && failedAttempt !== null
    ? [['last attempt', `${timeOf(failedAttempt.at, now)}: ${oneLine(failedAttempt.reason)}`], ...rows]
    : rows;
}
