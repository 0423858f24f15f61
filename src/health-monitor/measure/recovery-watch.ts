import type { ContainerRecord } from '../policy/index.js';
import { changedValues, type MonitorState } from '../step/index.js';

/** Finds out how long those that died were away. */
export class RecoveryWatch {
  /** The first death since it was last ready, milliseconds since 1970. */
  private readonly diedAt = new Map<string, number>();

  /** What a step changed. Gives the milliseconds of each that is ready again. */
  next(before: MonitorState, after: MonitorState): number[] {
    if (after.clockSetAt !== before.clockSetAt) this.diedAt.clear();
    for (const name of this.diedAt.keys()) if (!after.records.has(name)) this.diedAt.delete(name);
    return changedValues(before.records, after.records).flatMap((record) => this.follow(record) ?? []);
  }

  private follow({ name, intent, life, health }: ContainerRecord): number | null {
    const since = this.diedAt.get(name);
    const isBack = life.up && health.readySince !== null;
    if (intent.wish.value !== 'running' || isBack) this.diedAt.delete(name);
    else if (since === undefined && !life.up && isByItself(life.death)) this.diedAt.set(name, life.death.at);
    return isBack && since !== undefined ? Math.max(0, health.readySince - since) : null;
  }
}

/** A stop, the stop in a restart, and the end of the whole host are no deaths that anybody recovers from. */
function isByItself(death: ContainerRecord['life']['death']): death is NonNullable<typeof death> {
  return death !== null && death.stoppedBy !== 'person' && death.endedBy === null && !death.withHost;
}
