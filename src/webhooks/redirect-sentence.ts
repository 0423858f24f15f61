import { fit } from './formats/text.js';
import { withoutUrlSecrets } from './url-secrets.js';

const MOST_CHARACTERS = 200;

/**
 * What a redirect says to the person who wrote the address: where it points, and what to write instead. `null` when it
 * points nowhere that can be read. Of the new address it shows no query, and nothing that may be a secret of the old one.
 */
export function redirectSentence(
  status: number,
  location: string | undefined,
  sentTo: string,
): string | null {
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, sentTo)) return null;
  const old = new URL(sentTo);
  const there = new URL(location, sentTo);
  if (there.protocol !== 'http:' && there.protocol !== 'https:') return null;
  const isMoved =
    there.pathname === old.pathname && there.search === old.search && there.origin !== old.origin;
  return isMoved
    ? `It answered ${status}: it has moved. Write ${there.origin} in place of ${old.origin} in its address.`
    : `It answered ${status}: it points to ${shown(there, sentTo)}, and redirects are not followed. Write that for its ` +
        'address; … stands for what is not shown here.';
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function shown({ origin, pathname, search }: URL, sentTo: string): string {
  const path = withoutUrlSecrets(pathname, sentTo);
  return fit(`${origin}${path}${search === '' ? '' : '?…'}`, MOST_CHARACTERS);
}
