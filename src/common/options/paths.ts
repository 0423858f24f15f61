/** Where REST answers under its path. */
const REST_ROUTES = [
  'status',
  'containers',
  'hosts',
  'externals',
  'incidents',
  'recording',
  'notifications',
  'webhooks',
  'deliveries',
  'metrics',
  'openapi.json',
] as const;

/** Names, dots, dashes, underscores and tildes between slashes. `.` and `..` are resolved before anything is asked for. */
export function isPath(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\/?[\w.~-]+(\/[\w.~-]+)*\/?$/.test(value)) return false;
  return !value.split('/').some((part) => part === '.' || part === '..');
}

/** Without slashes around it. */
export function trimSlashes(path: string): string {
  return path.replace(/^\/|\/$/g, '');
}

/**
 * Why the dashboard cannot be at `page` while REST is at `rest`, both without slashes around them; `null` when it can.
 * Routers compare paths without regard to case.
 */
export function dashboardConflict(page: string, rest: string): string | null {
  const [ofPage, ofRest] = [page.toLowerCase(), rest.toLowerCase()];
  const taken = [ofRest, ...REST_ROUTES.map((route) => `${ofRest}/${route}`)];
  const isTaken = taken.includes(ofPage) || taken.slice(1).some((path) => ofPage.startsWith(`${path}/`));
  if (isTaken) return "expected a path where REST does not answer, such as its own path and '/dashboard'";
  if (ofRest === `${ofPage}/assets`) return 'expected a path of which REST does not take the assets';
  return null;
}
