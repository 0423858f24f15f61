import { leave, RestartPolicy, type Decision, type Situation } from '@archipelago/health-monitor';

/** Leaves the lab alone at weekends: whatever becomes of it then is nobody's problem. */
export class LabWeekends extends RestartPolicy {
  override decide(situation: Situation): Decision {
    const day = new Date(situation.now).getDay();
    const isWeekend = day === 0 || day === 6;
    return isWeekend && situation.container.name.startsWith('lab-')
      ? leave('left-by-policy', 'Of the lab, and it is weekend: left alone until Monday.')
      : super.decide(situation);
  }
}
