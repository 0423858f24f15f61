import { computed, signal } from '@preact/signals';

/** Which containers the overview shows. */
export interface OverviewFilter {
  /** Part of their name; empty: any. */
  readonly find: string;
  /** Only what is not healthy. */
  readonly only: boolean;
  /** Key of their host; empty: any. */
  readonly host: string;
}

export type Route =
  | ({ readonly page: 'overview' } & OverviewFilter)
  | { readonly page: 'incidents' }
  | { readonly page: 'incident'; readonly id: string }
  | { readonly page: 'container'; readonly name: string }
  | { readonly page: 'external'; readonly id: string }
  | { readonly page: 'notifications' }
  | { readonly page: 'webhooks' };

const hash = signal(location.hash);

export const route = computed<Route>(() => parse(hash.value));

export function startRouter(): void {
  hash.value = location.hash;
  addEventListener('hashchange', () => (hash.value = location.hash));
}

export const href = {
  overview: ({ find = '', only = false, host = '' }: Partial<OverviewFilter> = {}): string => {
    const query = new URLSearchParams({
      ...(host && { host }),
      ...(find && { find }),
      ...(only && { only: '1' }),
    }).toString();
    return `#/${query && `?${query}`}`;
  },
  incidents: '#/incidents',
  incident: (id: string): string => `#/incidents/${encodeURIComponent(id)}`,
  container: (name: string): string => `#/containers/${encodeURIComponent(name)}`,
  external: (id: string): string => `#/externals/${encodeURIComponent(id)}`,
  notifications: '#/notifications',
  webhooks: '#/webhooks',
};

/** Changes the address without a new entry in the history. */
export function replaceRoute(next: string): void {
  history.replaceState(null, '', next);
  hash.value = location.hash;
}

export function go(next: string): void {
  location.hash = next;
}

export function parse(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/').filter((part) => part !== '');
  const last = decode(rest.join('/'));
  switch (page) {
    case 'incidents':
      return last === '' ? { page: 'incidents' } : { page: 'incident', id: last };
    case 'containers':
      if (last !== '') return { page: 'container', name: last };
      break;
    case 'externals':
      if (last !== '') return { page: 'external', id: last };
      break;
    case 'notifications':
      return { page: 'notifications' };
    case 'webhooks':
      return { page: 'webhooks' };
  }
  const search = new URLSearchParams(query);
  return {
    page: 'overview',
    find: search.get('find') ?? '',
    only: search.get('only') === '1',
    host: search.get('host') ?? '',
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
