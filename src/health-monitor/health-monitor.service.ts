import {
  BadGatewayException,
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Clock } from '../common/clock/index.js';
import {
  HealthState,
  STATUSES,
  type ContainerDetailView,
  type ContainerView,
  type EngineStatus,
  type ExternalView,
  type HealthStatus,
  type HostStatus,
  type Incident,
  type Status,
} from '../common/events/index.js';
import { parseReference, referenceOf, referenceTo } from '../common/reference/index.js';
import { countOpen, upAmong } from '../common/standing/index.js';
import { incidentAtHost, viewAtHost, WatchedHosts, type WatchedHost } from './hosts/index.js';
import { incidentView, isShown } from './incidents/index.js';
import { HEALTH_MONITOR_OPTIONS, type ResolvedOptions } from '../common/options/index.js';
import type { ActOutcome } from './policy/index.js';
import { viewExternals, type MonitorState } from './step/index.js';
import { HealthStore } from '../common/store/index.js';
import { WebhookService } from '../webhooks/index.js';

const HISTORY_EVENTS = 200;
const INCIDENTS_FOR_MS = 30 * 24 * 60 * 60_000;

/** What stopping a container would mean. */
export interface StopPreview {
  /** Who needs it, directly or not, and would wait. */
  readonly dependents: readonly string[];
  readonly stopTimeoutMs: number;
}

/** What the monitor knows and what people can ask of it. REST, the socket and hosts all come through here. */
@Injectable()
export class HealthMonitorService extends HealthState {
  constructor(
    private readonly hosts: WatchedHosts,
    private readonly store: HealthStore,
    private readonly clock: Clock,
    private readonly webhooks: WebhookService,
    @Inject(HEALTH_MONITOR_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    super();
  }

  // ---------------------------------------------------------------------------------------------------- looking

  /** All containers, host by host, the local one first, each in the engine's order. */
  containers(): readonly ContainerView[] {
    return this.hosts.all.flatMap((host) => {
      const { containers, views } = host.monitor.state;
      return [...containers.keys()].flatMap((name) => {
        const view = views.get(name);
        return view ? [asShown(host, view)] : [];
      });
    });
  }

  /** What is no container and containers need, as it is written in the options. */
  externals(): readonly ExternalView[] {
    return viewExternals(this.hosts.local.monitor.state, this.options);
  }

  /**
   * One container with its latest events and its memory over time.
   *
   * @param name its name or app id, behind `HOST/` on another host
   * @param points at most this many samples, with every low and high kept
   * @throws NotFoundException
   */
  async container(name: string, points?: number): Promise<ContainerDetailView> {
    const { host, view } = this.find(name);
    const shown = asShown(host, view);
    const history = await this.store.events({ container: referenceOf(shown), limit: HISTORY_EVENTS });
    const { memory } = shown;
    return {
      ...shown,
      history,
      memory: memory && { ...memory, samples: host.memory.samples(view.name, points) },
    };
  }

  /** Those that are open, and those resolved within 30 days; newest first. */
  incidents(): readonly Incident[] {
    const since = this.clock.now() - INCIDENTS_FOR_MS;
    return this.hosts.all
      .flatMap(({ name, monitor }) =>
        [...monitor.state.incidents.values()]
          .filter((one) => isShown(one) && (one.resolvedAt === null || Date.parse(one.resolvedAt) >= since))
          .map((one) => ({ since: one.since, view: incidentView(one), name })),
      )
      .sort((a, b) => b.since - a.since)
      .map(({ view, name }) => (name === null ? view : incidentAtHost(name, view)));
  }

  /**
   * What happened on one host in the last hours and what followed from it, as lines of JSON, with secrets masked:
   * `npx health-monitor replay FILE` reads it. At most `recording.keepBytes`, and the state before that.
   *
   * @param host default: the local one
   * @throws NotFoundException
   */
  recording(host: string | null = null): string {
    const watched = this.hosts.find(host);
    if (!watched) throw new NotFoundException(`There is no host ${quoted(host ?? '')}.`);
    return watched.monitor.recording();
  }

  status(): HealthStatus {
    const { monitor } = this.hosts.local;
    const { engine, lastFullCheckAt, watchingSince } = monitor.state;
    const statuses = new Map(
      this.hosts.all.flatMap(({ name, monitor: { state } }) =>
        [...state.views.values()].map((view) => [referenceTo(name?.key, view.name), view.status] as const),
      ),
    );
    const externals = this.externals();
    const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    for (const status of statuses.values()) counts[status]++;
    return {
      nodeId: this.options.nodeId,
      mode: this.store.writer ? this.options.mode : 'observe',
      engine: engineStatus(engine, this.options.runtime.kind),
      startedAt: iso(watchingSince),
      healingFrom: iso(monitor.healingFrom),
      lastCheckAt: lastFullCheckAt === null ? null : iso(lastFullCheckAt),
      ...(this.hosts.others.length > 0 && { hosts: this.hosts.others.map(hostStatus(this.options)) }),
      containers: { total: statuses.size, ...counts },
      externals: {
        total: externals.length,
        down: externals.filter(({ status }) => status === 'down').length,
      },
      incidents: countOpen(this.incidents(), {
        statusOf: (reference) => statuses.get(reference),
        isUp: upAmong(externals),
      }),
      store: this.store.status,
      machine: monitor.machine,
      webhooks: this.webhooks.status(),
    };
  }

  /**
   * What keeps the monitor itself from working, in a sentence without names, paths or words from outside; `null`:
   * nothing. For readiness probes and the like: containers that are down, and an engine that does not answer, are none of it.
   */
  ownProblem(): string | null {
    for (const { monitor } of this.hosts.all) if (monitor.ownProblem !== null) return monitor.ownProblem;
    return null;
  }

  // ----------------------------------------------------------------------------------------------------- acting

  /**
   * Starts a container, wishes it running, and forgets earlier attempts. What the monitor itself is doing to it just
   * now is waited for.
   *
   * @param by who asks, for the record
   * @throws NotFoundException, ServiceUnavailableException in an engine outage, ConflictException while another person's
   *   act on it is under way, BadGatewayException with the engine's words when it refuses
   */
  async start(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'start', by);
  }

  /** Stops a container and leaves it off until somebody starts it. Throws as `start` does. */
  async stop(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'stop', by);
  }

  /** Stops a container, with its own stop timeout, and starts it. Throws as `start` does. */
  async restart(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'restart', by);
  }

  /** @throws NotFoundException */
  previewStop(name: string): StopPreview {
    const { host, view } = this.find(name);
    const { topology } = host.monitor.state;
    const dependents = this.hosts.dependentsOf(referenceTo(host.name?.key, view.name));
    return { dependents, stopTimeoutMs: topology?.rules.get(view.name)?.stopTimeoutMs ?? 10_000 };
  }

  /**
   * Keeps the monitor's hands off a container until `release`, or for `forMs`.
   *
   * @throws NotFoundException
   */
  async hold(name: string, reason: string, by: string, forMs?: number): Promise<ContainerView> {
    const holdAt = (at: number) =>
      ({ kind: 'hold', reason, until: forMs === undefined ? null : at + forMs }) as const;
    const { host, view } = this.findToChange(name);
    await host.monitor.people.ask(view.name, holdAt, by);
    return this.view(name);
  }

  /** Ends a hold; what went down meanwhile is seen to at once. @throws NotFoundException */
  async release(name: string, by: string): Promise<ContainerView> {
    const { host, view } = this.findToChange(name);
    await host.monitor.people.ask(view.name, () => ({ kind: 'release' }), by);
    return this.view(name);
  }

  /**
   * Forgets attempts and that it was given up. A container that is down and wished running is started at once, whatever
   * its exit and its restart policy say; one wished stopped is left off.
   *
   * @throws NotFoundException
   */
  async retry(name: string, by: string): Promise<ContainerView> {
    const { host, view } = this.findToChange(name);
    const { monitor } = host;
    const holders = namespaceHoldersOf(view.name, monitor.state);
    for (const one of [...holders, view.name]) await monitor.people.ask(one, () => ({ kind: 'retry' }), by);
    return this.view(name);
  }

  private async act(name: string, kind: 'start' | 'stop' | 'restart', by: string): Promise<ContainerView> {
    const { monitor } = this.findToChange(name).host;
    // A person comes before the monitor, which has no second thoughts about a start that takes minutes.
    await monitor.people.whenFree(this.findToChange(name).view.name);
    const { view } = this.findToChange(name);
    const { engine } = monitor.state;
    if (engine.reachable !== true)
      throw new ServiceUnavailableException(engine.problem ?? 'The engine was not reached yet.');
    if (monitor.people.isActingOn(view.name)) {
      throw new ConflictException(
        `Something is being done to ${view.name} right now; try again when it has ended.`,
      );
    }
    const { stopTimeoutMs } = this.previewStop(name);
    throwUnlessDone(await monitor.people.act({ name: view.name, id: view.id, kind, stopTimeoutMs, by }));
    return this.view(name);
  }

  /** For what changes something: a process that only watches would forget it. */
  private findToChange(name: string): Found {
    const found = this.find(name);
    if (this.store.writer) return found;
    throw new ServiceUnavailableException(
      'Another process heals with this database; this one only watches until that has ended.',
    );
  }

  private view(name: string): ContainerView {
    const { host, view } = this.find(name);
    return asShown(host, view);
  }

  /** By name or app id, behind `HOST/` on another host. */
  private find(reference: string): Found {
    const { host: key, name } = parseReference(reference);
    const host = this.hosts.find(key);
    const views = host?.monitor.state.views;
    const view = views?.get(name) ?? [...(views?.values() ?? [])].find(({ appId }) => appId === name);
    if (!host || !view) throw new NotFoundException(`There is no container ${quoted(reference)}.`);
    return { host, view };
  }
}

/** A container, by the view that its monitor has of it. */
interface Found {
  readonly host: WatchedHost;
  readonly view: ContainerView;
}

/** A view as people see it: among those of all hosts, and with its memory. */
function asShown({ name, memory }: WatchedHost, view: ContainerView): ContainerView {
  const shown = { ...view, memory: memory.view(view.name) };
  return name === null ? shown : viewAtHost(name, shown);
}

/** What holds the namespaces of its pod: nobody can ask for that by a name. */
function namespaceHoldersOf(name: string, { containers }: MonitorState): readonly string[] {
  const requires = new Set(containers.get(name)?.requires);
  return [...containers.values()]
    .filter(({ id, isInfra }) => isInfra && requires.has(id))
    .map((one) => one.name);
}

const engineStatus = (
  { info, reachable, since, problem }: MonitorState['engine'],
  kind: string,
): EngineStatus => ({
  kind: info?.kind ?? kind,
  version: info?.version ?? null,
  reachable: reachable === true,
  since: since === null ? null : iso(since),
  problem,
});

const hostStatus =
  ({ hosts }: ResolvedOptions) =>
  ({ name, monitor }: WatchedHost): HostStatus => {
    const { engine, lastFullCheckAt } = monitor.state;
    const { key, title } = name!;
    return {
      host: key,
      name: title,
      engine: engineStatus(engine, hosts[key]!.runtime.kind),
      lastCheckAt: lastFullCheckAt === null ? null : iso(lastFullCheckAt),
      machine: monitor.machine,
    };
  };

function throwUnlessDone({ kind, detail }: ActOutcome): void {
  switch (kind) {
    case 'refused':
      throw new BadGatewayException(detail ?? 'The engine refused.');
    case 'timed-out':
      throw new ServiceUnavailableException('The engine did not answer in time; it may still be at it.');
    case 'void':
      // It ran already, or was down already: that is what was asked for.
      if (detail !== null) throw new ServiceUnavailableException(detail);
      return;
    case 'done':
      return;
  }
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));

const iso = (at: number): string => new Date(at).toISOString();
