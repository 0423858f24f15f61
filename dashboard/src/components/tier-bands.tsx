import type { Signal } from '@preact/signals';
import type { ComponentChildren, TargetedToggleEvent } from 'preact';
import type { ContainerView, Tier } from '../client.js';
import * as copy from '../words/copy/index.js';
import { Shape } from './shape.js';
import { isLeaking, shownStatus } from './status-badge.js';
import { Tile } from './tile.js';

type Tiles = readonly Signal<ContainerView>[];

/** The containers of a tier on one host. */
export interface TierBand {
  readonly tier: Tier;
  /** What is to be seen. */
  readonly loud: Tiles;
  /** What may be folded away. */
  readonly quiet: Tiles;
}

/** What rests on the others is on top. */
const TIERS: readonly Tier[] = ['frontend', 'application', 'dependent', 'core', 'database'];
const ALL_TIERS = 'all';

/** Containers by tier, without those tiers that none is of. */
export function tierBands(containers: Tiles, folding: boolean): readonly TierBand[] {
  return TIERS.flatMap((tier) => {
    const members = containers.filter((view) => view.peek().tier === tier);
    const quiet = folding ? members.filter((view) => isQuiet(view.value)) : [];
    return members.length === 0
      ? []
      : [{ tier, loud: members.filter((view) => !quiet.includes(view)), quiet }];
  });
}

/** There is nothing to say of it, or nobody knows anything. */
const isQuiet = (view: ContainerView): boolean =>
  view.status === 'unknown' || (view.status === 'healthy' && !isLeaking(view));

/** What is folded apart is known by this. */
const foldId = (host: string | null, tier: Tier | typeof ALL_TIERS): string =>
  host === null ? tier : `${host}/${tier}`;

/** The names of those that show, in their order. `together`: all that is quiet is folded into one. */
export const shownNames = (
  host: string | null,
  bands: readonly TierBand[],
  unfolded: ReadonlySet<string>,
  together: boolean,
): readonly string[] =>
  bands
    .flatMap(({ tier, loud, quiet }) => [
      ...loud,
      ...(unfolded.has(foldId(host, together ? ALL_TIERS : tier)) ? quiet : []),
    ])
    .map((view) => view.peek().name);

interface TierBandsProps {
  /** `null`: there is only one. */
  readonly host: string | null;
  readonly bands: readonly TierBand[];
  /** What is quiet is folded into one, below all the rest. */
  readonly together: boolean;
  readonly unfolded: Signal<ReadonlySet<string>>;
  readonly pointed: Signal<string | null>;
  /** The one that can be reached with Tab. */
  readonly stop: string | undefined;
}

export function TierBands({ host, bands, together, unfolded, pointed, stop }: TierBandsProps) {
  const list = (tiles: Tiles) => <TileList tiles={tiles} pointed={pointed} stop={stop} />;
  const loud = bands.flatMap((band) => band.loud);
  if (!together)
    return (
      <>
        {bands.map(({ tier, loud, quiet }) => (
          <TierSection key={tier} tier={tier} host={host}>
            <div class="tier-tiles">
              {loud.length > 0 && list(loud)}
              <Folded id={foldId(host, tier)} tiles={quiet} unfolded={unfolded}>
                {list(quiet)}
              </Folded>
            </div>
          </TierSection>
        ))}
      </>
    );
  return (
    <>
      {loud.length > 0 && <div class="tier">{list(loud)}</div>}
      <Folded id={foldId(host, ALL_TIERS)} tiles={bands.flatMap(({ quiet }) => quiet)} unfolded={unfolded}>
        {bands.map(({ tier, quiet }) => (
          <TierSection key={tier} tier={tier} host={host}>
            {list(quiet)}
          </TierSection>
        ))}
      </Folded>
    </>
  );
}

/** Depth bands: what lies deepest carries the rest. */
function TierSection({
  tier,
  host,
  children,
}: {
  tier: Tier;
  host: string | null;
  children: ComponentChildren;
}) {
  const id = `tier-${foldId(host, tier)}`;
  const Heading = host === null ? 'h3' : 'h4';
  return (
    <section
      class="tier"
      data-depth={TIERS.indexOf(tier)}
      aria-labelledby={host === null ? id : `host-${host} ${id}`}
    >
      <Heading id={id}>{copy.tiers[tier]}</Heading>
      {children}
    </section>
  );
}

function Folded({
  id,
  tiles,
  unfolded,
  children,
}: {
  id: string;
  tiles: Tiles;
  unfolded: Signal<ReadonlySet<string>>;
  children: ComponentChildren;
}) {
  if (tiles.length === 0) return null;
  const isKnown = tiles.every((view) => shownStatus(view.value) === 'healthy');
  const toggled = ({ currentTarget }: TargetedToggleEvent<HTMLDetailsElement>) => {
    const others = [...unfolded.value].filter((one) => one !== id);
    unfolded.value = new Set(currentTarget.open ? [...others, id] : others);
  };
  return (
    <details class="folded" open={unfolded.value.has(id)} onToggle={toggled}>
      <summary>
        <Shape name={isKnown ? 'healthy' : 'unknown'} size={16} />{' '}
        {isKnown ? copy.overview.healthy(tiles.length) : copy.overview.others(tiles.length)}
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
  tiles: Tiles;
  pointed: Signal<string | null>;
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
