import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ContainerView } from '../client.js';
import { hostOf, type WatchedHost } from '../model/hosts.js';
import { neighbours } from '../model/problems.js';
import { containers, views } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { HostHead } from './host-head.js';
import { isLeaking } from './status-badge.js';
import { moveFocus } from './tile-focus.js';
import { shownNames, TierBands, tierBands, type TierBand } from './tier-bands.js';
import { useStableList } from './use-stable-list.js';

/** Above this many, what is healthy is folded away. */
const FOLD_ABOVE = 60;

interface TilesProps {
  readonly find: string;
  readonly onlyNotHealthy: boolean;
  /** Those whose containers are shown, each under a heading of its own. None: all containers are of one host. */
  readonly hosts: readonly WatchedHost[];
  /** Show what is not healthy first, and fold the rest away, however few there are: for small screens. */
  readonly fold: boolean;
}

export function Tiles({ find, onlyNotHealthy, hosts, fold }: TilesProps) {
  const pointed = useSignal<string | null>(null);
  const focused = useSignal<string | null>(null);
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const grid = useRef<HTMLDivElement>(null);
  const all = [...containers.value.values()].filter((view) => isOn(hosts, view.peek()));
  const wanted = find.trim().toLowerCase();
  const narrowed = wanted !== '' || onlyNotHealthy;
  const folding = !narrowed && (fold || all.length > FOLD_ABOVE);
  const chosen = all
    .filter((view) => view.peek().name.toLowerCase().includes(wanted))
    .filter((view) => !onlyNotHealthy || view.value.status !== 'healthy' || isLeaking(view.value))
    .sort((a, b) => (a.peek().name < b.peek().name ? -1 : 1));
  const parts = partsOf(hosts, chosen, folding).filter(({ bands }) => bands.length > 0 || !narrowed);
  const asked = [wanted, onlyNotHealthy, folding, ...hosts.map(({ key }) => key)].join(' ');
  const [stable, handlers] = useStableList(parts, asked);
  if (parts.length === 0) return <p class="empty-line">{copy.overview.nothingFound}</p>;

  const names = stable.flatMap((part) => shownNames(part.key, part.bands, unfolded.value, folding && fold));
  const stop = names.find((name) => name === focused.value) ?? names[0];

  const nameAt = ({ target }: Event) =>
    (target as Element).closest<HTMLElement>('[data-name]')?.dataset.name ?? null;
  const bandsOf = ({ key, bands }: Part) => (
    <TierBands
      host={key}
      bands={bands}
      unfolded={unfolded}
      together={folding && fold}
      pointed={pointed}
      stop={stop}
    />
  );
  return (
    <div
      ref={grid}
      class={hosts.length > 0 ? 'hosts' : 'tiers'}
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
      {stable.map((part) => {
        const host = hosts.find(({ key }) => key === part.key);
        if (!host) return bandsOf(part);
        return (
          <section key={host.key} class="host" aria-labelledby={`host-${host.key}`}>
            <HostHead host={host} />
            {part.bands.length > 0 && <div class="tiers">{bandsOf(part)}</div>}
          </section>
        );
      })}
      <Relations pointed={pointed} />
    </div>
  );
}

/** The containers of one of several hosts, or of the only one. */
interface Part {
  /** `null`: there is only one. */
  readonly key: string | null;
  readonly bands: readonly TierBand[];
}

const isOn = (hosts: readonly WatchedHost[], view: ContainerView): boolean =>
  hosts.length === 0 || hosts.some(({ key }) => key === hostOf(view));

function partsOf(
  hosts: readonly WatchedHost[],
  chosen: readonly Signal<ContainerView>[],
  folding: boolean,
): readonly Part[] {
  if (hosts.length === 0) return [{ key: null, bands: tierBands(chosen, folding) }];
  return hosts.map(({ key }) => ({
    key,
    bands: tierBands(
      chosen.filter((view) => hostOf(view.peek()) === key),
      folding,
    ),
  }));
}

/** What the container pointed at needs, and what needs it, in one line. */
function Relations({ pointed }: { pointed: Signal<string | null> }) {
  const name = pointed.value;
  if (name === null) return <p class="relations">{copy.overview.needsHint}</p>;
  const { needs, neededBy } = neighbours(name, views.peek());
  const shownAll = (names: readonly string[]) => names.map((one) => shown(one));
  return <p class="relations">{copy.overview.needs(shown(name), shownAll(needs), shownAll(neededBy))}</p>;
}
