import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import { parseReference, referenceFrom } from '../../common/reference/index.js';
import { stackOf } from '../../common/text/index.js';
import {
  externalName,
  NOT_THERE,
  standingOfExternal,
  type Elsewhere,
  type Standing,
} from '../policy/index.js';
import { findRecord, neededElsewhere, standingOf, type MonitorState } from '../step/index.js';
import { dependentsIn, withoutCircles, type Edge, type NeedsGraph } from './circles.js';
import type { WatchedHost } from './watched-host.js';

/** One of these, with its state as it is now. */
interface Watched {
  readonly host: WatchedHost;
  readonly key: string | null;
  readonly state: MonitorState;
}

/**
 * Tells each monitor how the containers of other hosts are that its own need, and the externals, which are the local host's; and
 * who needs whom across hosts.
 */
export class NeedsAcrossHosts {
  private readonly logger = new Logger('HealthMonitor');
  private readonly logged = new Set<string>();
  /** What was looked at last; while it is the same, there is nothing to tell. */
  private looked: readonly MonitorState[] = [];
  private graph: { readonly of: readonly unknown[]; readonly graph: NeedsGraph } | null = null;

  constructor(
    private readonly hosts: readonly WatchedHost[],
    private readonly clock: Clock,
    private readonly options: Pick<ResolvedOptions, 'externals'>,
  ) {}

  /** Tells what changed. Nearly free while nothing did. */
  beat(): void {
    const states = this.hosts.map(({ monitor }) => monitor.state);
    if (states.every((state, index) => state === this.looked[index])) return;
    this.looked = states;
    for (const host of this.hosts) this.tell(host);
  }

  /** All that need a container, directly or not, on whatever host: by reference. */
  dependentsOf(reference: string): readonly string[] {
    return dependentsIn(this.needs(this.watched()).edges, reference);
  }

  private tell(host: WatchedHost): void {
    const { monitor } = host;
    if (neededElsewhere(monitor.state).length + monitor.state.elsewhere.size === 0) return;
    monitor
      .seeElsewhere(() => this.seenFrom(host))
      .catch((error: unknown) =>
        this.logger.error('How containers of other hosts are was lost.', stackOf(error)),
      );
  }

  /** How all containers of other hosts are that this one's need. */
  private seenFrom(host: WatchedHost): readonly Elsewhere[] {
    const all = this.watched();
    const one = all.find((watched) => watched.host === host)!;
    const { closing } = this.needs(all);
    this.logOnce(closing.map(({ circle }) => inACircle(circle)));
    return neededElsewhere(one.state).map((reference) => {
      const { host: key, name } = parseReference(reference);
      const there = all.find((watched) => watched.key === key);
      const standing = there ? this.standing(there, name) : NOT_THERE;
      if (standing === NOT_THERE) this.logOnce(isMissing(one, reference));
      return { ...standing, reference, inCircleWith: closedBy(closing, one.key, resolved(reference, all)) };
    });
  }

  /** Where a container and an external have the same name, it is the container that is meant, as on one host. */
  private standing({ key, state }: Watched, name: string): Standing {
    const isExternal = key === null && Object.hasOwn(this.options.externals, name);
    return isExternal && findRecord(state.records, name) === undefined
      ? standingOfExternal(name, externalName(this.options, name), state.externals.get(name))
      : standingOf(state, name, this.clock.now());
  }

  private watched(): readonly Watched[] {
    return this.hosts.map((host) => ({ host, key: host.name?.key ?? null, state: host.monitor.state }));
  }

  /** Worked out anew when containers come, go or are made anew. */
  private needs(all: readonly Watched[]): NeedsGraph {
    const of = all.map(({ state }) => state.topology);
    if (this.graph === null || of.some((topology, index) => topology !== this.graph?.of[index]))
      this.graph = { of, graph: withoutCircles(edgesWithin(all), edgesAcross(all)) };
    return this.graph.graph;
  }

  private logOnce(problems: readonly string[]): void {
    for (const problem of problems) {
      if (!this.logged.has(problem)) this.logger.warn(problem);
      this.logged.add(problem);
    }
  }
}

/** Who on a host would close a circle by needing this one. */
const closedBy = (closing: readonly Edge[], host: string | null, reference: string): readonly string[] =>
  closing
    .filter(({ to }) => to === reference)
    .map(({ from }) => parseReference(from))
    .flatMap(({ host: whose, name }) => (whose === host ? [name] : []));

/** A reference with the name over there, which may be written as an app id. */
function resolved(reference: string, all: readonly Watched[]): string {
  const { host, name } = parseReference(reference);
  const records = all.find(({ key }) => key === host)?.state.records;
  return referenceFrom(host, (records && findRecord(records, name)?.name) ?? name);
}

const edgesWithin = (all: readonly Watched[]): readonly Edge[] =>
  all.flatMap(({ key, state }) =>
    [...(state.topology?.graph.dependencies ?? [])].flatMap(([name, dependencies]) =>
      dependencies
        .flatMap(({ anyOf }) => anyOf)
        .map((other) => ({ from: referenceFrom(key, name), to: referenceFrom(key, other) })),
    ),
  );

const edgesAcross = (all: readonly Watched[]): readonly Edge[] =>
  all.flatMap(({ key, state }) =>
    [...(state.topology?.graph.elsewhere ?? [])].flatMap(([name, needs]) =>
      needs.map(({ reference }) => ({ from: referenceFrom(key, name), to: resolved(reference, all) })),
    ),
  );

const isOfLocalHost = (reference: string): boolean => parseReference(reference).host === null;

const inACircle = (circle: readonly string[]): string =>
  `These depend on each other in a circle: ${circle.join(' → ')}. The last step is ignored.`;

const isMissing = ({ key, state }: Watched, reference: string): readonly string[] =>
  [...(state.topology?.graph.elsewhere ?? [])].flatMap(([name, needs]) =>
    needs.some((need) => need.reference === reference)
      ? [
          `${referenceFrom(key, name)} depends on ${reference}, but there is no container${isOfLocalHost(reference) ? ' or external' : ''} of that name; it is not waited for.`,
        ]
      : [],
  );
