import type { ResolvedProbe } from '../../common/options/index.js';
import type { Container, Reach } from '../runtime/index.js';

/** A host, without brackets, and a port on which somebody is asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';
const OF_CONTAINER = /^:(\d{1,5})(.*)$/s;

/** Why this probe can never be asked of this container, as a sentence for people; `null`: it can. Pure. */
export function whyUnreachable(probe: ResolvedProbe, { reach }: Pick<Container, 'reach'>): string | null {
  const target = 'http' in probe ? probe.http : 'rpc' in probe ? probe.rpc : 'tcp' in probe ? probe.tcp : '';
  const [, port] = OF_CONTAINER.exec(target) ?? [];
  return port === undefined || placeOf(Number(port), reach) !== null ? null : unreachable(Number(port));
}

/**
 * The address of a page or a method: one that is whole as it is written, `:PORT/PATH` where the container's port is
 * reached. Pure.
 *
 * @throws Error whose message is a sentence for people, when it cannot be reached
 */
export function urlOf(target: string, reach: Reach | undefined): string {
  const [, port, path = ''] = OF_CONTAINER.exec(target) ?? [];
  return port === undefined ? target : `http://${written(reachedAt(Number(port), reach))}${path}`;
}

/** The same of `HOST:PORT` and `:PORT`. Pure. */
export function hostPortOf(target: string, reach: Reach | undefined): Place {
  const [, port] = OF_CONTAINER.exec(target) ?? [];
  if (port !== undefined) return reachedAt(Number(port), reach);
  const colon = target.lastIndexOf(':');
  return {
    host: target.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(target.slice(colon + 1)),
  };
}

/** For people, and in URLs: `127.0.0.1:80`, `[::1]:80`. Pure. */
export function written({ host, port }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function reachedAt(port: number, reach: Reach | undefined): Place {
  const place = placeOf(port, reach);
  if (place === null) throw new Error(unreachable(port));
  return place;
}

function placeOf(port: number, reach: Reach | undefined): Place | null {
  if (reach === undefined) return null;
  const published = reach.published.find((one) => one.port === port);
  if (published) return { host: published.host, port: published.hostPort };
  if (reach.hostNetwork) return { host: LOOPBACK, port };
  const address = reach.addresses.find((one) => !one.includes(':')) ?? reach.addresses[0];
  return address === undefined ? null : { host: address, port };
}

const unreachable = (port: number): string =>
  `Its port ${port} cannot be reached from here: it is not published, and no address of its own is known. ` +
  'Publish it, or ask by a command in the container (exec), which is the only way where its engine is on another host.';
