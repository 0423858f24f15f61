import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import type { ComponentChildren, TargetedToggleEvent } from 'preact';
import { useRef } from 'preact/hooks';
import type { ContainerView, Status, Tier } from '../client.js';
import { neighbours } from '../model/problems.js';
import { containers, lost, outage, views } from '../state/monitor.js';
import { go, href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { ContainerName } from './container-name.js';
import { Shape } from './shape.js';
import { isLeaking, shownStatus, TONES } from './status-badge.js';
import { countdownText } from './time.js';
import { useStableList } from './use-stable-list.js';

/** What rests on the others is on top. */
const TIERS: readonly Tier[] = ['frontend', 'application', 'dependent', 'core', 'database'];
const ALL_TIERS = 'all';
/** Above this many, what is healthy is folded away. */
const FOLD_ABOVE = 60;

interface TilesProps {
  readonly find: string;
  readonly onlyNotHealthy: boolean;
  /** Show what is not healthy first, and fold the rest away, however few there are: for small screens. */
  readonly fold: boolean;
}

export function Tiles({ find, onlyNotHealthy, fold }: TilesProps) {
  const pointed = useSignal<string | null>(null);
  const focused = useSignal<string | null>(null);
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const grid = useRef<HTMLDivElement>(null);
  const all = [...containers.value.values()];
  const wanted = find.trim().toLowerCase();
  const folding = wanted === '' && !onlyNotHealthy && (fold || all.length > FOLD_ABOVE);
  const chosen = all
    .filter((view) => view.peek().name.toLowerCase().includes(wanted))
    .filter((view) => !onlyNotHealthy || view.value.status !== 'healthy' || isLeaking(view.value))
    .sort((a, b) => (a.peek().name < b.peek().name ? -1 : 1));
  const groups = TIERS.map((tier) => {
    const members = chosen.filter((view) => view.peek().tier === tier);
    const quiet = folding
      ? members.filter((view) => view.value.status === 'healthy' && !isLeaking(view.value))
      : [];
    return { tier, members, loud: members.filter((view) => !quiet.includes(view)), quiet };
  }).filter(({ members }) => members.length > 0);
  const [stable, handlers] = useStableList(groups, `${wanted} ${onlyNotHealthy} ${folding}`);
  if (chosen.length === 0) return <p class="empty-line">{copy.overview.nothingFound}</p>;

  const visible = stable.flatMap(({ tier, loud, quiet }) => [
    ...loud,
    ...(unfolded.value.has(fold ? ALL_TIERS : tier) ? quiet : []),
  ]);
  const names = visible.map((view) => view.peek().name);
  const stop = names.find((name) => name === focused.value) ?? names[0];

  const nameAt = ({ target }: Event) =>
    (target as Element).closest<HTMLElement>('[data-name]')?.dataset.name ?? null;
  return (
    <div
      ref={grid}
      class="tiers"
      {...handlers}
      onPointerOver={(event) => (pointed.value = nameAt(event))}
      onPointerLeave={(event) => {
        pointed.value = null;
        handlers.onPointerLeave?.(event);
      }}
      onFocusIn={(event) => {
        focused.value = pointed.value = nameAt(event);
        handlers.onFocusIn?.(event);
      }}
      onKeyDown={(event) => moveFocus(event, grid.current)}
    >
      {folding && fold ? (
        <>
          {stable.some(({ loud }) => loud.length > 0) && (
            <div class="tier">
              <TileList tiles={stable.flatMap(({ loud }) => loud)} pointed={pointed} stop={stop} />
            </div>
          )}
          <Folded
            id={ALL_TIERS}
            unfolded={unfolded}
            amount={stable.reduce((sum, { quiet }) => sum + quiet.length, 0)}
          >
            {stable.map(({ tier, quiet }) => (
              <TierSection key={tier} tier={tier}>
                <TileList tiles={quiet} pointed={pointed} stop={stop} />
              </TierSection>
            ))}
          </Folded>
        </>
      ) : (
        stable.map(({ tier, loud, quiet }) => (
          <TierSection key={tier} tier={tier}>
            <div class="tier-tiles">
              {loud.length > 0 && <TileList tiles={loud} pointed={pointed} stop={stop} />}
              <Folded id={tier} unfolded={unfolded} amount={quiet.length}>
                <TileList tiles={quiet} pointed={pointed} stop={stop} />
              </Folded>
            </div>
          </TierSection>
        ))
      )}
      <Relations pointed={pointed} />
    </div>
  );
}

/** Depth bands: what lies deepest carries the rest. */
function TierSection({ tier, children }: { tier: Tier; children: ComponentChildren }) {
  return (
    <section class="tier" data-depth={TIERS.indexOf(tier)} aria-labelledby={`tier-${tier}`}>
      <h3 id={`tier-${tier}`}>{copy.tiers[tier]}</h3>
      {children}
    </section>
  );
}

function Folded({
  id,
  unfolded,
  amount,
  children,
}: {
  id: string;
  unfolded: Signal<ReadonlySet<string>>;
  amount: number;
  children: ComponentChildren;
}) {
  if (amount === 0) return null;
  const toggled = ({ currentTarget }: TargetedToggleEvent<HTMLDetailsElement>) => {
    const others = [...unfolded.value].filter((one) => one !== id);
    unfolded.value = new Set(currentTarget.open ? [...others, id] : others);
  };
  return (
    <details class="folded" open={unfolded.value.has(id)} onToggle={toggled}>
      <summary>
        <Shape name={outage.value ? 'unknown' : 'healthy'} size={16} />{' '}
        {outage.value ? copy.overview.others(amount) : copy.overview.healthy(amount)}
      </summary>
      {children}
    </details>
  );
}

function TileList({
  tiles,
  pointed,
  stop,
}: {
  tiles: readonly Signal<ContainerView>[];
  pointed: Signal<string | null>;
  /** The one that can be reached with Tab. */
  stop: string | undefined;
}) {
  return (
    <ul class="tile-list">
      {tiles.map((view) => (
        <li key={view.peek().name}>
          <Tile view={view} pointed={pointed} tabbable={view.peek().name === stop} />
        </li>
      ))}
    </ul>
  );
}

/** One container; repaints when that one changes, and alone. */
function Tile({
  view: source,
  pointed,
  tabbable,
}: {
  view: Signal<ContainerView>;
  pointed: Signal<string | null>;
  tabbable: boolean;
}) {
  const view = source.value;
  const status = shownStatus(view.status);
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
      <ContainerName name={view.name} />
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

function TileWord({ view, status }: { view: ContainerView; status: Status | 'unknown' }) {
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

/** What the container pointed at needs, and what needs it, in one line. */
function Relations({ pointed }: { pointed: Signal<string | null> }) {
  const name = pointed.value;
  if (name === null) return <p class="relations">{copy.overview.needsHint}</p>;
  const { needs, neededBy } = neighbours(name, views.peek());
  const shownAll = (names: readonly string[]) => names.map((one) => shown(one));
  return <p class="relations">{copy.overview.needs(shown(name), shownAll(needs), shownAll(neededBy))}</p>;
}

/** Arrows, Home and End move between tiles; all of them are one tab stop, which follows the focus. */
function moveFocus(event: KeyboardEvent, grid: HTMLElement | null): void {
  const tiles = [...(grid?.querySelectorAll<HTMLElement>('a.tile') ?? [])].filter((tile) =>
    tile.checkVisibility(),
  );
  const at = tiles.indexOf(document.activeElement as HTMLElement);
  const current = tiles[at];
  if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = target(event.key, tiles, at, current);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function target(
  key: string,
  tiles: readonly HTMLElement[],
  at: number,
  current: HTMLElement,
): HTMLElement | undefined {
  if (key === 'ArrowRight') return tiles[at + 1];
  if (key === 'ArrowLeft') return tiles[at - 1];
  if (key === 'Home') return tiles[0];
  if (key === 'End') return tiles.at(-1);
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const down = key === 'ArrowDown';
  const { left, top } = current.getBoundingClientRect();
  const beyond = tiles
    .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
    .filter(({ box }) => (down ? box.top > top + 4 : box.top < top - 4));
  const rows = beyond.map(({ box }) => box.top);
  const row = down ? Math.min(...rows) : Math.max(...rows);
  return beyond
    .filter(({ box }) => Math.abs(box.top - row) < 4)
    .sort((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.tile;
}

export function openFirstTile(): void {
  const first = document.querySelector<HTMLAnchorElement>('a.tile');
  if (first) go(first.getAttribute('href') ?? '#/');
}
