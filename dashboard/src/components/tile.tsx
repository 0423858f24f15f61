import type { Signal } from '@preact/signals';
import type { ContainerView, Status } from '../client.js';
import { nameAtHost } from '../model/hosts.js';
import { containers, lost } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { ContainerName } from './container-name.js';
import { Shape } from './shape.js';
import { isLeaking, shownStatus, TONES } from './status-badge.js';
import { countdownText } from './time.js';

/** One container; repaints when that one changes, and alone. */
export function Tile({
  view: source,
  pointed,
  tabbable,
}: {
  view: Signal<ContainerView>;
  pointed: Signal<string | null>;
  tabbable: boolean;
}) {
  const view = source.value;
  const status = shownStatus(view);
  const leaking = isLeaking(view);
  const related =
    pointed.value !== null && pointed.value !== view.name && isRelated(view.name, pointed.value);
  return (
    <a
      class="tile"
      href={href.container(view.name)}
      data-name={view.name}
      data-tone={TONES[status]}
      data-status={status}
      data-related={related || undefined}
      tabIndex={tabbable ? 0 : -1}
      title={shown(view.name, 200)}
    >
      <Shape name={status} />
      {view.host !== undefined && <span class="hidden">{shown(view.host)}/</span>}
      <ContainerName name={nameAtHost(view)} />
      {leaking && (
        <span class="tile-leak" data-tone="warn">
          <Shape name="leak" size={16} />
          <span class="hidden">{copy.leak}</span>
        </span>
      )}
      <TileWord view={view} status={status} />
    </a>
  );
}

/** A node that has everything says 0.99999 for ever. */
const ALL_BUT_DONE = 0.9995;

function TileWord({ view, status }: { view: ContainerView; status: Status }) {
  const share = view.progress?.share ?? null;
  const word = copy.status[status].toLowerCase();
  const isOnItsWay =
    share !== null && (status === 'not-yet' || (status === 'healthy' && share < ALL_BUT_DONE));
  if (isOnItsWay)
    return (
      <span class="tile-word">
        <span class="hidden">{word}, </span>
        {copy.percent(share)}
      </span>
    );
  return (
    <span class={status === 'healthy' || status === 'unknown' ? 'hidden' : 'tile-word'}>
      {view.status === 'backing-off' && status !== 'unknown' ? <TileCountdown view={view} /> : word}
    </span>
  );
}

function TileCountdown({ view }: { view: ContainerView }) {
  const word = copy.status[view.status].toLowerCase();
  if (view.nextAttemptAt === null || lost.value) return <>{word}</>;
  const { number } = countdownText(view.nextAttemptAt);
  return (
    <>
      <span class="hidden">{word}</span>
      <span aria-hidden="true">{number ?? word}</span>
    </>
  );
}

function isRelated(name: string, to: string): boolean {
  const known = containers.peek();
  return (
    (known.get(to)?.peek().dependsOn.includes(name) ?? false) ||
    (known.get(name)?.peek().dependsOn.includes(to) ?? false)
  );
}
