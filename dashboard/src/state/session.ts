const KEY = 'health-monitor-token';

const isToken = (part: string) => part.startsWith('token=');

/**
 * Takes the token out of the address (`#token=…&/route`) before anything else sees it, and keeps it for this tab.
 * What follows it stays as the route.
 */
export function takeToken(): void {
  const parts = location.hash.slice(1).split('&');
  const given = parts.find(isToken);
  if (given === undefined) return;
  const rest = parts.filter((part) => part !== given).join('&');
  history.replaceState(null, '', `#${rest === '' ? '/' : rest}`);
  keep(decode(given.slice('token='.length)));
}

/** A new link opened in this tab changes the fragment alone: the page begins anew with it, as in a new tab. */
export function watchForNewLink(): void {
  addEventListener('hashchange', () => {
    if (location.hash.slice(1).split('&').some(isToken)) location.reload();
  });
}

export function token(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return fallback;
  }
}

export function dropToken(): void {
  fallback = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is off in this browser: there is nothing to remove.
  }
}

let fallback: string | null = null;

function keep(value: string): void {
  fallback = value;
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // Storage is off in this browser: it lives as long as the page.
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
