import type { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock/index.js';
import { hostLogger } from '../../common/logging/index.js';
import type { Probe } from '../../common/options/index.js';
import { isGuessAnswered, isUp } from '../policy/index.js';
import { ProbeLoop, type Probed } from '../probes/index.js';
import { byOurClock, type Container, type ProbedHealth } from '../runtime/index.js';
import type { MonitorState } from '../step/index.js';
import type { MonitorParts } from './monitor-parts.js';
import type { Watch } from './watch.js';

/** Of one container; an engine may word the same refusal in ever new ways. */
const MOST_WARNINGS = 5;
/** People need not hear before this that nobody has asked it again. */
const ASKED_AGAIN_WITHIN_MS = 30 * 60_000;

export interface ProbeWatchHooks {
  readonly state: () => MonitorState;
  /** What is made of a container's probes has changed: it is to be checked. */
  readonly onChange: (name: string) => void;
  /** These fail at once. */
  readonly onDoubt: (names: readonly string[]) => void;
}

/** Has those asked that have probes. */
export class ProbeWatch implements Watch {
  private readonly logger: Logger;
  private readonly loop: ProbeLoop;
  private readonly clock: Clock;
  /** Who has probes, of the topology in which it was found out. */
  private having: { readonly topology: MonitorState['topology']; readonly names: readonly string[] } = {
    topology: undefined,
    names: [],
  };
  /** Who was said to be out of reach, and why. */
  private readonly warned = new Map<string, Set<string>>();

  constructor(
    { runtime, clock, options }: Pick<MonitorParts, 'runtime' | 'clock' | 'options'>,
    private readonly hooks: ProbeWatchHooks,
  ) {
    this.logger = hostLogger('HealthMonitor', options.ofHost);
    this.clock = clock;
    this.loop = new ProbeLoop(runtime, clock, {
      onChange: hooks.onChange,
      onDoubt: hooks.onDoubt,
      onUnreachable: (name, why) => this.onUnreachable(name, why),
    });
  }

  /** Asks whoever is due. Nearly free where nobody has probes. */
  beat(): void {
    // Without its engine nobody can be asked by commands, and nothing can be done upon an answer.
    if (this.hooks.state().engine.reachable === false) return this.loop.rest();
    this.loop.beat(this.probed());
  }

  /** Asks nobody until the next beat. */
  rest(): void {
    this.loop.rest();
  }

  /** The wall clock was set. */
  clockSet(by: number): void {
    this.loop.clockSet(by);
  }

  /** What the probes of a container's latest run came to; `undefined`: nothing is known. */
  of(container: Container): ProbedHealth | undefined {
    if (!isUp(container)) return undefined;
    if (!this.loop.knows(container)) return this.asBefore(container);
    const found = this.loop.of(container);
    const obstacle = this.loop.obstacleOf(container);
    if (found === undefined) return obstacle === null ? undefined : unanswered(obstacle, container);
    if (this.loop.isUnderstood(container) || this.isGuessAnswered(container)) return found;
    return unanswered(found.sentence, container);
  }

  private isGuessAnswered(container: Container): boolean {
    const { topology, records } = this.hooks.state();
    const rules = topology?.rules.get(container.name);
    return rules === undefined || isGuessAnswered(container, records.get(container.name), rules);
  }

  /** One that was not ready when an earlier process last asked it is not taken to be, until it is asked again. */
  private asBefore(container: Container): ProbedHealth | undefined {
    const { topology } = this.hooks.state();
    const hasProbes = topology === undefined || this.havers(topology).includes(container.name);
    return hasProbes && this.wasNotYet(container) ? askedBefore(this.clock.now()) : undefined;
  }

  private wasNotYet({ id, name, startedAt }: Container): boolean {
    const record = this.hooks.state().records.get(name);
    const code = record?.shown.decision?.code;
    const isSameRun = record?.id === id && record.life.run?.startedAt === startedAt;
    return isSameRun && (code === 'not-yet' || code === 'not-yet-for-long');
  }

  close(): Promise<void> {
    return this.loop.close();
  }

  private *probed(): Iterable<Probed> {
    const { topology, containers, engine } = this.hooks.state();
    for (const name of this.havers(topology)) {
      const container = containers.get(name);
      const probes = topology?.rules.get(name)?.probes;
      if (container === undefined || probes === undefined) continue;
      yield {
        container: engine.info?.rootless === true ? withoutOwnAddresses(container) : container,
        begunAt: byOurClock(container, engine.info ?? {}).startedAt,
        probes,
        isUp: isUp(container),
        isAwaited: this.wasNotYet(container),
      };
    }
  }

  private havers(topology: MonitorState['topology']): readonly string[] {
    if (topology !== this.having.topology) {
      this.having = { topology, names: whoHasProbes(topology) };
      this.letGo();
    }
    return this.having.names;
  }

  /** Of those that are asked no more, or were by an earlier process, nothing is known any longer. */
  private letGo(): void {
    for (const { name, probed } of this.hooks.state().containers.values())
      if (probed !== undefined && !this.having.names.includes(name)) this.hooks.onChange(name);
  }

  private onUnreachable(name: string, why: string): void {
    this.hooks.onChange(name);
    const rules = this.hooks.state().topology?.rules.get(name);
    // What nobody wrote, nobody need mend: the page says it.
    if (rules?.origin['probes'] === 'preset' && !rules.probes.some(logsIn)) return;
    const known = this.warned.get(name) ?? new Set();
    this.warned.set(name, known);
    if (known.has(why) || known.size >= MOST_WARNINGS) return;
    known.add(why);
    this.logger.warn(`The probe of ${name} cannot be made: ${why}`);
  }
}

/** A preset's does so only with credentials that a person gave it. */
const logsIn = (probe: Probe): boolean => 'credentials' in probe && probe.credentials !== undefined;

/** Nobody knows how it is. */
const unanswered = (sentence: string, { startedAt }: Container): ProbedHealth => ({
  health: 'unanswered',
  sentence,
  share: null,
  leftMs: null,
  since: startedAt ?? 0,
  patienceUntil: null,
  needsPerson: false,
});

const askedBefore = (now: number): ProbedHealth => ({
  health: 'not-yet',
  sentence: 'It was not ready when it was last asked.',
  share: null,
  leftMs: null,
  since: now,
  patienceUntil: now + ASKED_AGAIN_WITHIN_MS,
  needsPerson: false,
});

/** The network of a rootless engine is one that the host is not in. */
const withoutOwnAddresses = (container: Container): Container =>
  container.reach === undefined ? container : { ...container, reach: { ...container.reach, addresses: [] } };

const whoHasProbes = (topology: MonitorState['topology']): readonly string[] =>
  [...(topology?.rules ?? [])].flatMap(([name, { probes, ignore }]) =>
    probes.length > 0 && !ignore ? [name] : [],
  );
