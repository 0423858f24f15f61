import { TIERS, type Tier } from '../../common/events/index.js';
import {
  beginAttempt,
  beginRestart,
  findBlockers,
  giveUp,
  isUp,
  meaningOf,
  rearm,
  type ContainerRecord,
  type Decision,
  type DecisionCode,
  type DecisionMeaning,
  type Neighbour,
  type Rules,
  type Situation,
  type Surroundings,
  type GivenUp,
  type Healing,
} from '../policy/index.js';
import type { Container } from '../runtime/index.js';
import type { CycleContext } from './cycle-context.js';
import type { Batch } from './monitor-state.js';
import type { TakenIn } from './take-in.js';

/** Something to be done now, already written down. */
export interface Act {
  readonly name: string;
  readonly id: string;
  readonly kind: 'start' | 'restart';
  readonly stopTimeoutMs: number;
  /** Which attempt it is; `null`: a restart that heals nothing. */
  readonly attempt: number | null;
  readonly code: DecisionCode;
  readonly reason: string;
}

export interface Decided {
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly records: Map<string, ContainerRecord>;
  readonly batches: readonly Batch[];
  readonly acts: readonly Act[];
  /** Who was re-armed, with the reason. */
  readonly rearmed: ReadonlyMap<string, string>;
  /** To be acted on, but not among those just looked at: nothing is done on an old look. */
  readonly lookAgain: readonly string[];
}

/** Decides for every container, in the order in which they would be started. Pure. */
export function decideAll(taken: TakenIn, seen: ReadonlySet<string>, context: CycleContext): Decided {
  const pass = new Pass(taken, seen, context);
  for (const name of taken.topology.topology.startOrder) pass.decide(name);
  return pass;
}

class Pass implements Decided {
  readonly decisions = new Map<string, Decision>();
  readonly records: Map<string, ContainerRecord>;
  readonly acts: Act[] = [];
  readonly rearmed = new Map<string, string>();
  readonly lookAgain: string[] = [];
  private readonly byId: Map<number, Batch>;
  /** The lowest tier of each batch that still has someone to start before the higher ones may. */
  private readonly stillToStart = new Map<number, { tier: number; name: string }>();
  /** Who of each batch is known to be down, and in a moment is known to be healed or not: what follows waits for it. */
  private readonly beingJudged = new Map<number, string>();
  private started: number;

  constructor(
    private readonly taken: TakenIn,
    private readonly seen: ReadonlySet<string>,
    private readonly context: CycleContext,
  ) {
    this.records = taken.records;
    this.byId = new Map(taken.batches.map((batch) => [batch.id, batch]));
    this.started = [...context.acting.values()].filter(
      ({ by, kind }) => by === 'monitor' && kind !== 'stop',
    ).length;
  }

  get batches(): readonly Batch[] {
    return [...this.byId.values()];
  }

  decide(name: string): void {
    const record = this.records.get(name);
    if (!record) return;
    if (record.life.absentSince !== null || this.isUnseen(name)) {
      if (record.shown.decision) this.decisions.set(name, record.shown.decision);
      return;
    }
    let situation = this.situation(name, record);
    let decision = this.context.policy.decide(situation);
    const acts = decision.action !== 'leave' && decision.action !== 'wait';
    if (acts && !this.seen.has(name)) {
      this.lookAgain.push(name);
      this.keepOthersBack(record.healing.batch, situation.rules.tier, name);
      this.decisions.set(name, record.shown.decision ?? decision);
      return;
    }
    if (decision.action === 'rearm') {
      this.rearmed.set(name, decision.reason);
      situation = {
        ...situation,
        record: {
          ...record,
          healing: rearm(record.healing, situation.surroundings.dependencyBackAt !== null),
        },
      };
      decision = this.context.policy.decide(situation);
    }
    this.decisions.set(name, decision);
    this.records.set(name, this.apply(situation, decision));
  }

  private isUnseen(name: string): boolean {
    return this.context.unseen.has(name) && !this.context.acting.has(name);
  }

  private situation(name: string, record: ContainerRecord): Situation {
    const { containers, topology } = this.taken;
    const container = containers.get(name)!;
    const rules = topology.topology.rules.get(name)!;
    const { now } = this.context;
    return { container, record, rules, now, surroundings: this.surroundings(container, record, rules) };
  }

  private surroundings(container: Container, record: ContainerRecord, rules: Rules): Surroundings {
    const { context } = this;
    const { name } = container;
    const dependencies = this.taken.topology.topology.graph.dependencies.get(name) ?? [];
    const back = this.dependencyBack(record.healing.givenUp, dependencies);
    return {
      mode: context.observeOnly ? 'stand-by' : context.options.mode,
      healingFrom: context.healingFrom,
      shuttingDown: context.shuttingDown,
      ourselves: context.ownId !== null && container.id.startsWith(context.ownId),
      acting: context.acting.get(name) ?? null,
      blockers: findBlockers(dependencies, (other) => this.neighbour(other), context.now),
      dependencyBack: back?.name ?? null,
      dependencyBackAt: back?.at ?? null,
      restartedDependency: this.restartedDependency(record, dependencies),
      tierPause: this.tierPause(record.healing.batch, rules.tier),
      ahead: Math.max(0, this.started - context.options.restart.maxConcurrent + 1),
      notStartedSinceBoot: container.startedAt !== null && container.startedAt < context.host.bootedAt,
      leakRestartDue: context.leakRestartDue(name, rules),
    };
  }

  private neighbour(name: string): Neighbour | undefined {
    const record = this.records.get(name);
    const container = this.taken.containers.get(name);
    if (!record || !container) return undefined;
    return { record, container: record.life.absentSince === null ? container : null };
  }

  private dependencyBack(
    givenUp: GivenUp | null,
    dependencies: readonly { readonly anyOf: readonly string[] }[],
  ): { name: string; at: number } | undefined {
    if (givenUp === null) return undefined;
    return dependencies
      .flatMap(({ anyOf }) => anyOf)
      .map((name) => ({ name, at: this.records.get(name)?.health.readySince ?? 0 }))
      .find(({ at }) => at > givenUp.at);
  }

  private restartedDependency(
    record: ContainerRecord,
    dependencies: readonly { readonly anyOf: readonly string[]; readonly restart: boolean }[],
  ): string | null {
    if (!record.life.up || dependencies.length === 0) return null;
    const found = dependencies
      .filter(({ restart }) => restart)
      .flatMap(({ anyOf }) => anyOf)
      .find((name) => {
        const other = this.neighbour(name);
        const known = record.healing.dependencyRuns[name];
        return (
          other?.record.health.readySince && known !== undefined && (other.container?.startedAt ?? 0) > known
        );
      });
    return found ?? null;
  }

  /** Answered by one restart, also when that fails. */
  private withDependencyRuns(record: ContainerRecord): ContainerRecord {
    const runs = Object.keys(record.healing.dependencyRuns).map((name) => [
      name,
      this.taken.containers.get(name)?.startedAt ?? record.healing.dependencyRuns[name],
    ]);
    const dependencyRuns = Object.fromEntries(runs) as Record<string, number>;
    return { ...record, healing: { ...record.healing, dependencyRuns } };
  }

  private tierPause(batchId: number | null, tier: Tier): Surroundings['tierPause'] {
    const batch = batchId === null ? undefined : this.byId.get(batchId);
    if (!batch) return null;
    const judged = this.beingJudged.get(batch.id);
    if (judged !== undefined) return { after: judged, until: Number.POSITIVE_INFINITY };
    const rank = TIERS.indexOf(tier);
    const first = this.stillToStart.get(batch.id);
    if (first && first.tier < rank) return { after: first.name, until: Number.POSITIVE_INFINITY };
    const lower = TIERS.slice(0, rank)
      .flatMap((other) => batch.starts[other] ?? [])
      .toSorted((a, b) => b.at - a.at)[0];
    return lower ? { after: lower.name, until: lower.at + this.context.options.restart.tierSettleMs } : null;
  }

  /** Writes down what was decided, before anything is done. */
  private apply({ container, record, rules, now }: Situation, decision: Decision): ContainerRecord {
    const { name } = container;
    switch (decision.action) {
      case 'leave':
        return record;
      case 'wait':
        this.keepBack(meaningOf(decision).holdsBack, record.healing.batch, rules.tier, name);
        return record;
      case 'give-up':
        return giveUp(record, whyGivenUp(container, record.healing, decision), now);
      case 'start':
      case 'restart': {
        this.started++;
        this.noteStart(record.healing.batch, rules.tier, name);
        const { answers } = meaningOf(decision);
        const heals = answers === 'failure';
        this.acts.push({
          name,
          id: container.id,
          kind: decision.action,
          stopTimeoutMs: rules.stopTimeoutMs,
          attempt: heals ? record.healing.attempts.length + 1 : null,
          code: decision.code,
          reason: decision.reason,
        });
        if (heals) return beginAttempt(record, decision.action, now);
        const restarting = { ...record, healing: beginRestart(record.healing, now) };
        return answers === 'dependency' ? this.withDependencyRuns(restarting) : restarting;
      }
      case 'rearm':
        return record;
    }
  }

  private keepBack(whom: DecisionMeaning['holdsBack'], batch: number | null, tier: Tier, name: string): void {
    if (whom === 'higher-tiers') this.keepOthersBack(batch, tier, name);
    else if (whom === 'all' && batch !== null) this.beingJudged.set(batch, name);
  }

  private keepOthersBack(batch: number | null, tier: Tier, name: string): void {
    if (batch === null) return;
    const rank = TIERS.indexOf(tier);
    const first = this.stillToStart.get(batch);
    if (!first || rank < first.tier) this.stillToStart.set(batch, { tier: rank, name });
  }

  private noteStart(batchId: number | null, tier: Tier, name: string): void {
    const batch = batchId === null ? undefined : this.byId.get(batchId);
    if (!batch) return;
    this.byId.set(batch.id, {
      ...batch,
      starts: { ...batch.starts, [tier]: { name, at: this.context.now } },
    });
    this.keepOthersBack(batch.id, tier, name);
  }
}

function whyGivenUp(container: Container, { attempts }: Healing, decision: Decision): GivenUp['reason'] {
  if (meaningOf(decision).triedBy === 'engine') return 'engine-tries-used-up';
  if (attempts.at(-1)?.outcome === 'refused') return 'refused';
  return isUp(container) ? 'unhealthy' : 'died';
}
