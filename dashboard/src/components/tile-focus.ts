import { go } from '../state/router.js';

/** Arrows, Home and End move between tiles; all of them are one tab stop, which follows the focus. */
export function moveFocus(event: KeyboardEvent, grid: HTMLElement | null): void {
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
