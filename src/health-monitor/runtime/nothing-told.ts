import type { ListedContainer } from './container.js';

/** How a container is of which only that is known which one it is. */
export const NOTHING_TOLD: Omit<ListedContainer, 'id' | 'name' | 'image' | 'processVanished'> = {
  state: 'unknown',
  health: 'none',
  exitCode: 0,
  startedAt: null,
  exitedAt: null,
  labels: {},
  autoRemove: false,
  pid: null,
};
