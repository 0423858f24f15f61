import type { ExternalStatus } from '../../client.js';

export const externals = {
  all: (total: number) => `Outside, ${total}`,
  back: 'All containers',
  about: 'About it',
  asked: 'Asked',
  id: 'In dependsOn',
  missing: (id: string) => `Nothing outside is called ${id}.`,
  missingDetail: 'It may have been taken out of the configuration.',
  status: {
    up: 'Works',
    'not-yet': 'Not ready yet',
    down: 'Down',
    unknown: 'Not known yet',
  } satisfies Record<ExternalStatus, string>,
};
