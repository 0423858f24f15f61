import { describe, expect, it } from 'vitest';
import type { Access, Handshake } from '../options/index.js';
import { isForeignPage, withoutBorrowedAuthority } from './foreign-page.js';

const host = 'box.local';

describe('a foreign page', () => {
  it.each([
    ['no browser', {}],
    ['no browser, with a host', { host }],
    ['the same origin', { host, origin: 'https://box.local' }],
    ['the same origin, its port written out', { host: 'box.local:443', origin: 'https://box.local' }],
    ['the same origin at a port', { host: 'box.local:8443', origin: 'https://box.local:8443' }],
    ['the same origin, in other letters', { host: 'Box.local', origin: 'http://box.local' }],
    ['the same origin over HTTP/2', { ':authority': host, origin: 'https://box.local' }],
    ['a person who typed the address', { host, 'sec-fetch-site': 'none' }],
    [
      'the same origin behind a proxy that changes Host',
      { host: '127.0.0.1:3000', origin: 'https://box.local', 'sec-fetch-site': 'same-origin' },
    ],
  ])('is not %s', (_, headers) => {
    expect(isForeignPage(headers)).toBe(false);
  });

  it.each([
    ['of another site', { host, 'sec-fetch-site': 'cross-site' }],
    ['of another host of the site', { host, 'sec-fetch-site': 'same-site' }],
    ['at another host', { host, origin: 'https://evil.example' }],
    ['at a host that begins alike', { host, origin: 'https://box.local.evil.example' }],
    ['at another port', { host, origin: 'https://box.local:8443' }],
    ['in a sandbox', { host, origin: 'null' }],
    ['of a file', { host, origin: 'file://' }],
    ['that says nothing sensible', { host, origin: '' }],
    ['of an unknown host', { origin: 'https://box.local' }],
    ['with headers sent twice', { host, origin: ['https://box.local', 'https://evil.example'] }],
  ])('is one %s', (_, headers) => {
    expect(isForeignPage(headers)).toBe(true);
  });
});

describe('from a foreign page', () => {
  const byCookie: Access = { authenticate: () => ({ id: 'x', role: 'operator' }) };
  const from = (headers: Handshake['headers'], token?: string): Handshake => ({
    headers: { host, 'sec-fetch-site': 'cross-site', ...headers },
    address: '192.0.2.1',
    ...(token !== undefined && { token }),
  });

  it('cookies count for nothing', () => {
    expect(withoutBorrowedAuthority(byCookie, from({ cookie: 'sid=1' }))).toBeNull();
  });

  it('a token counts, and what the browser adds to it does not', () => {
    const given = from({ cookie: 'sid=1', authorization: 'Basic eDp5' }, 'mine');
    expect(withoutBorrowedAuthority(byCookie, given)).toEqual(from({}, 'mine'));
  });

  it('the header that the token came in stays', () => {
    const given = from({ authorization: 'Bearer mine' }, 'mine');
    expect(withoutBorrowedAuthority(byCookie, given)).toEqual(given);
  });

  it('nothing counts where access is open', () => {
    expect(withoutBorrowedAuthority('open', from({}, 'anything'))).toBeNull();
  });

  it('is all that is refused: from the own page everything counts', () => {
    const given = { ...from({ cookie: 'sid=1' }), headers: { host, cookie: 'sid=1' } };
    expect(withoutBorrowedAuthority(byCookie, given)).toBe(given);
    expect(withoutBorrowedAuthority('open', given)).toBe(given);
  });
});
