import { count } from '../format.js';

export const panel = {
  title: 'This server',
  connection: 'Connection',
  liveSince: (since: string) => `Live since ${since}`,
  engine: 'Engine',
  lastCheck: 'Last check',
  never: 'not yet',
  storage: 'Storage',
  sqlite: 'SQLite, kept',
  memory: 'In memory, until the server restarts',
  notKept: 'Not kept at the moment',
  replica: 'Replica',
  webhooks: 'Webhooks',
  webhooksNone: 'none',
  webhooksState: (endpoints: number, failing: number, queued: number) =>
    [
      count(endpoints, 'endpoint'),
      ...(failing > 0 ? [`${failing} failing`] : []),
      ...(queued > 0 ? [`${queued} queued`] : []),
    ].join(', '),
  theme: 'Colours',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  keys: 'Keyboard',
  close: 'Close',
};

export const keyboard = {
  on: 'Single keys are on',
  list: [
    ['/ or Ctrl K', 'find a container'],
    ['g then o, i, n, w', 'go to a page'],
    ['n', 'next problem'],
    ['arrows, Home, End', 'move within containers'],
    ['Enter', 'open'],
    ['Esc', 'close, back'],
    ['?', 'this list'],
  ] as const,
  never: 'No single key stops, restarts or deletes anything.',
};
