import { describe, expect, it } from 'vitest';
import type { ResolvedProbe } from '../../common/options/index.js';
import type { Reach } from '../runtime/index.js';
import { hostPortOf, urlOf, whyUnreachable } from './address-of.js';

const reach = (known: Partial<Reach>): Reach => ({
  published: [],
  addresses: [],
  hostNetwork: false,
  ...known,
});
const TIMING = {
  everyMs: 1_000,
  timeoutMs: 1_000,
  failureThreshold: 1,
  successThreshold: 1,
  startMs: 0,
  notYetForMs: 1_000,
};
const http = (address: string): ResolvedProbe => ({ http: address, ...TIMING });

describe('where a container is asked', () => {
  it.each([
    [
      'at its published port',
      { published: [{ port: 80, host: '127.0.0.1', hostPort: 8080 }], addresses: ['10.88.0.2'] },
      '127.0.0.1:8080',
    ],
    [
      'at its published port on IPv6',
      { published: [{ port: 80, host: '::1', hostPort: 8080 }] },
      '[::1]:8080',
    ],
    ['at the loopback address in the network of the host', { hostNetwork: true }, '127.0.0.1:80'],
    [
      'at its own first address of IPv4',
      { addresses: ['fd00::2', '10.88.0.2', '10.89.0.2'] },
      '10.88.0.2:80',
    ],
    ['at its own address of IPv6 where that is all', { addresses: ['fd00::2'] }, '[fd00::2]:80'],
    [
      'at its own address where another port is published',
      { published: [{ port: 81, host: '127.0.0.1', hostPort: 8081 }], addresses: ['10.88.0.2'] },
      '10.88.0.2:80',
    ],
  ])('is %s', (_, known, place) => {
    expect(urlOf(':80/health?deep=1', reach(known))).toBe(`http://${place}/health?deep=1`);
    const { host, port } = hostPortOf(':80', reach(known));
    expect(place).toBe(`${host.includes(':') ? `[${host}]` : host}:${port}`);
    expect(whyUnreachable(http(':80/'), { reach: reach(known) })).toBeNull();
  });

  it.each([
    ['nothing is known', undefined],
    [
      'only another port is published',
      reach({ published: [{ port: 81, host: '127.0.0.1', hostPort: 8081 }] }),
    ],
  ])('is nowhere where %s, and it is said what to do', (_, known) => {
    const sentence =
      'Its port 80 cannot be reached from here: it is not published, and no address of its own is known. ' +
      'Publish it, or ask by a command in the container (exec), which is the only way where its engine is on another host.';
    expect(whyUnreachable(http(':80/'), { reach: known })).toBe(sentence);
    expect(() => urlOf(':80/', known)).toThrow(sentence);
    expect(() => hostPortOf(':80', known)).toThrow(sentence);
  });

  it('is what was written where that is whole', () => {
    expect(urlOf('https://example.org:8443/a', undefined)).toBe('https://example.org:8443/a');
    expect(hostPortOf('db.lan:5432', undefined)).toEqual({ host: 'db.lan', port: 5432 });
    expect(hostPortOf('[::1]:5432', undefined)).toEqual({ host: '::1', port: 5432 });
    expect(whyUnreachable(http('http://example.org/'), {})).toBeNull();
    expect(whyUnreachable({ exec: ['true'], ...TIMING }, {})).toBeNull();
  });
});
