import { engineInWords, type ContainerView, type HealthStatus, type Status } from '../client.js';
import * as copy from '../words/copy/index.js';
import { moment } from '../words/format.js';
import { shown } from '../words/safe-text.js';

type Engine = HealthStatus['engine'];

/** One of several hosts, as it stands over its containers. */
export interface WatchedHost {
  /** As its containers are called by, `HOST/NAME`; `local` is the host that the monitor runs on. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  readonly engine: Engine;
}

const LOCAL = 'local';

/** The key of the host on which something is. */
export const hostOf = ({ host }: { readonly host?: string }): string => host ?? LOCAL;

/** What it is called on its own host. */
export const nameAtHost = ({ host, name }: ContainerView): string =>
  host === undefined ? name : name.slice(host.length + 1);

/** This host first, then the others as they are configured; none where this one is the only one. */
export function hostsOf(status: HealthStatus | null): readonly WatchedHost[] {
  if (!status?.hosts?.length) return [];
  return [
    { key: LOCAL, name: copy.hosts.local, engine: status.engine },
    ...status.hosts.map(({ host, name, engine }) => ({ key: host, name: shown(name), engine })),
  ];
}

/** The host that was asked for; all of them, where there is none of that key. */
export function hostsToShow(hosts: readonly WatchedHost[], key: string): readonly WatchedHost[] {
  const asked = hosts.filter((host) => host.key === key);
  return asked.length > 0 ? asked : hosts;
}

/** Whether it was asked and did not answer; before the first check nobody knows. */
export const isSilent = ({ reachable, since }: Engine): boolean => !reachable && since !== null;

/** `podman 5.4.2, answers since 09:12`; the engine is left out while nobody knows which it is. */
export function engineWords(engine: Engine, now: number): string {
  const { since } = engine;
  const called = shown(engineInWords(engine));
  if (since === null) return called || copy.hosts.notAsked;
  const at = moment(Date.parse(since), now);
  const standing = isSilent(engine) ? copy.hosts.silentSince(at) : copy.hosts.answersSince(at);
  return called ? `${called}, ${standing}` : standing;
}

const WRONG: ReadonlySet<Status> = new Set(['down', 'backing-off', 'given-up', 'crash-looping', 'unhealthy']);

/** `12 containers, 2 wrong`, of those of one host. */
export function containersWords(engine: Engine, containers: readonly ContainerView[]): string {
  if (isSilent(engine)) return copy.hosts.notKnown(containers.length);
  return copy.hosts.wrong(containers.length, containers.filter(({ status }) => WRONG.has(status)).length);
}
