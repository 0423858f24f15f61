import type { FileSystemView } from '../../client.js';

export const space = {
  title: 'Space',
  on: (mount: string) => `space on ${mount}`,
  free: (free: string, size: string) => `${free} of ${size} free`,
  fullIn: (left: string) => `full in ${left} at this rate`,
  standing: {
    ok: '',
    foretold: 'fills up',
    low: 'little space',
    full: 'no space',
    'read-only': 'read-only',
  } satisfies Record<FileSystemView['standing'], string>,
  pressure: 'Waiting for memory',
  pressureOf: (percent: number) => `${percent} % of the last 5 minutes`,
  clock: 'Clock',
  clockRight: 'right',
  clockOff: (by: string, ahead: boolean) => `${by} ${ahead ? 'ahead' : 'behind'}`,
};
