import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { EgressRules } from '../common/options/index.js';

/** An address that webhooks may not reach. */
export class EgressError extends Error {
  readonly code = 'EGRESS_REFUSED';
}

/** How names are resolved; as `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: { all: true; family?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** At most so many connections to one server: more than one for each endpoint that may be there. */
const MOST_CONNECTIONS = 64;

/**
 * An HTTP client that reaches only what the rules allow. They are asked about a literal address, about every address a
 * name resolves to, which is then the one connected to, and about the other end of the connected socket; so a name that
 * resolves differently the second time gains nothing.
 */
export function guardedAgent(rules: EgressRules, resolve: Resolve = systemLookup): Agent {
  const connector = buildConnector({ lookup: guardedLookup(rules, resolve), timeout: 10_000 });
  return new Agent({
    connections: MOST_CONNECTIONS,
    connect: (options, callback) => {
      const refusal = rules.refusalOfUrl(`${options.protocol}//${bracketed(options.hostname)}`);
      if (refusal !== null) {
        callback(new EgressError(refusal), null);
        return;
      }
      const socket = connector(options, callback) as unknown as Socket;
      socket.prependOnceListener('connect', () => {
        const reached = rules.refusalOf(socket.remoteAddress ?? '');
        if (reached !== null) socket.destroy(new EgressError(reached));
      });
    },
  });
}

function guardedLookup(rules: EgressRules, resolve: Resolve): LookupFunction {
  return (hostname, { all, family }, callback) => {
    resolve(hostname, { all: true, family: typeof family === 'number' ? family : 0 }, (error, addresses) => {
      if (error) {
        callback(error, [] as LookupAddress[]);
        return;
      }
      const refusals = addresses.map(({ address }) => rules.refusalOf(address));
      const allowed = addresses.filter((_, index) => refusals[index] === null);
      const [first] = allowed;
      if (!first)
        callback(new EgressError(refusals[0] ?? `${hostname} has no address.`), [] as LookupAddress[]);
      else if (all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function bracketed(hostname: string): string {
  return hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
}
