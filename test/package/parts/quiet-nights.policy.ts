import { RestartPolicy, wait, type Decision, type Situation } from '@archipelago/health-monitor';

/** Lets everybody sleep: what is to be started or restarted at night waits for the morning. */
export class QuietNights extends RestartPolicy {
  /** @param from the hour at which the night begins, in the host's time. @param until the hour at which it ends */
  constructor(
    private readonly from = 23,
    private readonly until = 7,
  ) {
    super();
  }

  override decide(situation: Situation): Decision {
    const decision = super.decide(situation);
    if (decision.action !== 'start' && decision.action !== 'restart') return decision;
    const morning = this.endOfNight(new Date(situation.now));
    return morning === null
      ? decision
      : wait('backing-off', `It is night: not touched before ${this.until}:00.`, { dueAt: morning });
  }

  /** Milliseconds since 1970; `null`: it is day. */
  private endOfNight(now: Date): number | null {
    const hour = now.getHours();
    const overMidnight = this.from > this.until;
    const isLate = hour >= this.from;
    const isEarly = hour < this.until;
    if (overMidnight ? !isLate && !isEarly : !(isLate && isEarly)) return null;
    const morning = new Date(now);
    morning.setHours(isEarly ? this.until : this.until + 24, 0, 0, 0);
    return morning.getTime();
  }
}
