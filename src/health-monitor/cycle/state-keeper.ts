import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/index.js';
import { EventStream } from '../../common/store/index.js';
import { type EventDraft } from '../../common/events/index.js';
import type { IncidentRecord, Notice } from '../incidents/index.js';
import type { ContainerRecord } from '../policy/index.js';
import type { HealthStore, Put } from '../../common/store/index.js';
import { assembleChange } from './assemble-change.js';
import { whatIsDue } from './due.js';
import { loadState } from './load-state.js';
import { NOTHING_KNOWN, type Batch, type MonitorState } from './monitor-state.js';
import { NotificationIds } from './notification-ids.js';
import type { HostRecord } from './host-record.js';
import { shiftBatch, shiftIncident, shiftRecord } from './shift-times.js';

/** What is overdue although it was just looked at is looked at again this soon. */
const OVERDUE_MS = 1_000;

/** A step: the state it leads to, and what is to be told of it. */
export interface Step {
  readonly state: MonitorState;
  readonly events?: readonly EventDraft[];
  readonly notices?: readonly Notice[];
  readonly records?: readonly ContainerRecord[];
  readonly forgotten?: readonly string[];
  readonly put?: readonly Put[];
}

/**
 * Holds the state. Every change of it, from a look, from an act that ended or from a person, takes its turn, one after
 * the other.
 */
@Injectable()
export class StateKeeper {
  private readonly ids = new NotificationIds();
  private current: MonitorState = NOTHING_KNOWN;
  private turns: Promise<unknown> = Promise.resolve();
  private dueAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly stream: EventStream,
    private readonly clock: Clock,
  ) {}

  get state(): MonitorState {
    return this.current;
  }

  /** When time alone will have changed something; milliseconds since 1970. */
  get nextDueAt(): number {
    return this.dueAt;
  }

  /** Takes up what an earlier process left; returns its last sign of life. */
  async load(store: HealthStore): Promise<HostRecord | null> {
    const { state, host } = await loadState(store, this.clock.now());
    this.current = state;
    return host;
  }

  /** Does something while nothing else changes the state. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turns.then(work);
    this.turns = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when every turn asked for has been taken. */
  async idle(): Promise<void> {
    await this.turns;
  }

  /**
   * Makes a step's state the current one, keeps the step and tells it. Only in a turn. The state is the new one before
   * its events are told, so that whoever hears of them and looks misses nothing.
   */
  async keep(step: Step): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    await this.stream.commit((nextSeq) => {
      const change = {
        ...step,
        at,
        incidents: step.state.incidents,
        incidentsBefore: this.current.incidents,
      };
      const assembled = assembleChange(change, nextSeq, (appId, time) => this.ids.next(appId, time));
      this.current = { ...step.state, incidents: assembled.incidents };
      this.findNextDue();
      return assembled.change;
    });
  }

  /** Who is due now. Asking moves the next time on, so that one who cannot be looked at is not asked for at once. */
  takeDue(now: number): Set<string> {
    this.dueAt = now + OVERDUE_MS;
    return new Set([...whatIsDue(this.current, now)].filter(({ at }) => at <= now).map(({ name }) => name));
  }

  /** After the host's clock was set: moves what is remembered along. */
  shiftTimes(by: number): Promise<void> {
    return this.rewrite(
      (record) => shiftRecord(record, by),
      (incident) => shiftIncident(incident, by),
      (batch) => shiftBatch(batch, by),
    );
  }

  /** After the host slept: no container was unhealthy all that time, as far as anybody knows. */
  restartTimers(now: number): Promise<void> {
    return this.rewrite((record) =>
      record.health.unhealthySince === null && record.life.unsettledSince === null
        ? record
        : {
            ...record,
            health: { ...record.health, unhealthySince: record.health.unhealthySince && now },
            life: { ...record.life, unsettledSince: record.life.unsettledSince && now },
          },
    );
  }

  private rewrite(
    ofRecord: (record: ContainerRecord) => ContainerRecord,
    ofIncident: (incident: IncidentRecord) => IncidentRecord = (incident) => incident,
    ofBatch: (batch: Batch) => Batch = (batch) => batch,
  ): Promise<void> {
    return this.inTurn(async () => {
      const records = [...this.current.records.values()].map(ofRecord);
      const incidents = [...this.current.incidents.values()].map(ofIncident);
      const put: Put[] = [
        ...records
          .filter((record) => record !== this.current.records.get(record.name))
          .map((value): Put => ({ collection: 'container', key: value.name, value })),
        ...incidents
          .filter((incident) => incident !== this.current.incidents.get(incident.id))
          .map((value): Put => ({ collection: 'incident', key: value.id, value })),
      ];
      this.current = {
        ...this.current,
        records: new Map(records.map((record) => [record.name, record])),
        incidents: new Map(incidents.map((incident) => [incident.id, incident])),
        batches: this.current.batches.map(ofBatch),
      };
      this.findNextDue();
      if (put.length > 0) await this.stream.commit({ put });
    });
  }

  private findNextDue(): void {
    const now = this.clock.now();
    this.dueAt = Number.POSITIVE_INFINITY;
    for (const { at } of whatIsDue(this.current, now)) {
      this.dueAt = Math.min(this.dueAt, at <= now ? now + OVERDUE_MS : at);
    }
  }
}
