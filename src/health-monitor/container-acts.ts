import {
  BadGatewayException,
  ConflictException,
  Injectable,
  NotFoundException,
  Optional,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { ContainerView } from '../common/events/index.js';
import { ByLeader, Leader } from '../common/leader/index.js';
import { HealthStore } from '../common/store/index.js';
import { WatchByRole } from './following/index.js';
import { findContainer, shownContainer, WatchedHosts, type Found, type WatchedHost } from './hosts/index.js';
import { isStartable, whyOnlyReads } from './only-reads.js';
import type { ActOutcome } from './policy/index.js';
import { stopTimeoutOf } from './stop-preview.js';
import type { MonitorState } from './step/index.js';

type Act = 'start' | 'stop' | 'restart';
/** What a person asks for. */
type Kind = Act | 'hold' | 'release' | 'retry';

/** What people do to containers, done by the process whose monitors watch them. */
@Injectable()
export class ContainerActs {
  constructor(
    private readonly hosts: WatchedHosts,
    private readonly watch: WatchByRole,
    private readonly store: HealthStore,
    @Optional() readonly leader?: Leader,
  ) {
    leader?.leads('containers', this);
  }

  @ByLeader()
  async start(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'start', by);
  }

  @ByLeader()
  async stop(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'stop', by);
  }

  @ByLeader()
  async restart(name: string, by: string): Promise<ContainerView> {
    return this.act(name, 'restart', by);
  }

  @ByLeader()
  async hold(name: string, reason: string, by: string, forMs?: number): Promise<ContainerView> {
    const holdAt = (at: number) =>
      ({ kind: 'hold', reason, until: forMs === undefined ? null : at + forMs }) as const;
    const { host, view } = await this.findToChange(name, 'hold');
    await host.monitor.people.ask(view.name, holdAt, by);
    return this.view(name);
  }

  @ByLeader()
  async release(name: string, by: string): Promise<ContainerView> {
    const { host, view } = await this.findToChange(name, 'release');
    await host.monitor.people.ask(view.name, () => ({ kind: 'release' }), by);
    return this.view(name);
  }

  @ByLeader()
  async retry(name: string, by: string): Promise<ContainerView> {
    const { host, view } = await this.findToChange(name, 'retry');
    const { monitor } = host;
    const holders = namespaceHoldersOf(view.name, monitor.state);
    for (const one of [...holders, view.name]) await monitor.people.ask(one, () => ({ kind: 'retry' }), by);
    return this.view(name);
  }

  /** What happened on a host, as the monitor that watches it has recorded it. */
  @ByLeader()
  async recording(host: string | null): Promise<string> {
    await this.watch.ready();
    return recordingOf(this.hosts, host);
  }

  private async act(name: string, kind: Act, by: string): Promise<ContainerView> {
    const { host, view: known } = await this.findToChange(name, kind);
    const { monitor } = host;
    // A person comes before the monitor, which has no second thoughts about a start that takes minutes.
    await monitor.people.whenFree(known.name);
    const { view } = this.find(name, kind);
    const { engine } = monitor.state;
    if (engine.reachable !== true)
      throw new ServiceUnavailableException(engine.problem ?? 'The engine was not reached yet.');
    if (monitor.people.isActingOn(view.name)) {
      throw new ConflictException(
        `Something is being done to ${view.name} right now; try again when it has ended.`,
      );
    }
    const stopTimeoutMs = stopTimeoutOf(view);
    throwUnlessDone(await monitor.people.act({ name: view.name, id: view.id, kind, stopTimeoutMs, by }));
    return this.view(name);
  }

  private find(name: string, kind: Kind): Found<WatchedHost> {
    const found = findContainer(this.hosts.all, name);
    const { host, view } = found;
    const isForStore = kind === 'start' && isStartable(this.store, host.monitor, view.name);
    if (this.store.writer || isForStore) return found;
    throw new ServiceUnavailableException(whyOnlyReads(this.store));
  }

  /** For what changes something: a process that only watches would forget it. */
  private async findToChange(name: string, kind: Kind): Promise<Found<WatchedHost>> {
    // One that leads for a moment only may be asked before it knows what there is.
    await this.watch.ready();
    const found = this.find(name, kind);
    const { monitor } = found.host;
    if (await monitor.people.canAsk()) return this.find(name, kind);
    throw new ServiceUnavailableException(monitor.state.engine.problem ?? 'The engine was not reached yet.');
  }

  private view(name: string): ContainerView {
    const { host, view } = findContainer(this.hosts.all, name);
    return shownContainer(host, view);
  }
}

/** @throws NotFoundException */
export function recordingOf(hosts: WatchedHosts, host: string | null): string {
  const watched = hosts.find(host);
  if (!watched) throw new NotFoundException(`There is no host ${quoted(host ?? '')}.`);
  return watched.monitor.recording();
}

/** What holds the namespaces of its pod: nobody can ask for that by a name. */
function namespaceHoldersOf(name: string, { containers }: MonitorState): readonly string[] {
  const requires = new Set(containers.get(name)?.requires);
  return [...containers.values()]
    .filter(({ id, isInfra }) => isInfra && requires.has(id))
    .map((one) => one.name);
}

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
