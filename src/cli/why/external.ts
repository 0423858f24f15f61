import type { ContainerView, ExternalView, Incident } from '../../common/events/index.js';
import { sinceBegan } from '../began.js';
import { externalStatusCell } from '../overview.js';
import { referenceOf } from '../../common/reference/index.js';
import type { Output } from '../terminal/output.js';
import { tableOf, type Row } from '../terminal/table.js';
import { oneLine, timeOf } from '../terminal/text.js';

/** How an external is and why, and who needs it, as lines. `incidents`: open ones. Pure. */
export function externalLines(
  external: ExternalView,
  containers: readonly ContainerView[],
  incidents: readonly Incident[],
  now: number,
  paint: Output['paint'],
): readonly string[] {
  const { id, name, asked, status, sentence, since } = external;
  const { text, paint: inColour } = externalStatusCell(status, paint);
  const neededBy = containers.filter(({ dependsOn }) => dependsOn.includes(id));
  const isShadowed = containers.some(
    ({ host, name: container, appId }) => host === undefined && (container === id || appId === id),
  );
  const rows: Row[] = [
    ['id', oneLine(id)],
    ['asked', oneLine(asked)],
    ...(neededBy.length === 0 || isShadowed
      ? []
      : [['needed by', neededBy.map((container) => oneLine(referenceOf(container))).join(', ')]]),
    ...incidents
      .filter(({ cause }) => cause.external === id)
      .map((incident) => ['incident', `${sinceBegan(incident, now)}${waiting(incident)}`]),
  ];
  return [
    `${oneLine(name)} is ${inColour?.(text) ?? text}${since === null ? '' : ` since ${timeOf(since, now)}`}.`,
    oneLine(sentence),
    '',
    ...tableOf(rows),
  ];
}

function waiting({ victims }: Incident): string {
  const names = victims.filter(({ to }) => to === null).map(({ container }) => oneLine(container));
  return names.length === 0 ? '' : `; down because of it: ${names.join(', ')}`;
}
