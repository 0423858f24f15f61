export const app = 'Containers';
export const skip = 'Skip to content';

export const nav = {
  label: 'Pages',
  overview: 'Overview',
  incidents: 'Incidents',
  notifications: 'Notifications',
  webhooks: 'Webhooks',
};

export const tabTitle = {
  of: (page: string, node: string) => `${page} · ${node}`,
  open: (amount: number, title: string) => `(${amount}) ${title}`,
  lost: (title: string) => `? ${title}`,
};

export const mode = { observe: 'Observing: nothing is touched', viewer: 'View only' };
export const startupDelay = (left: string) => `Watching. Healing starts in ${left}`;

export const connection = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Lost',
  refused: 'Refused',
  details: 'Connection and server',
};
