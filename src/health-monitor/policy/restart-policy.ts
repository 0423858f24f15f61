import { Injectable } from '@nestjs/common';
import { decide } from './decide.js';
import type { Decision } from './decision.js';
import type { Situation } from './situation.js';

/**
 * Decides what to do with one container. The default asks the pure `decide`; a host may replace it with
 * `overrides: [{ provide: RestartPolicy, useClass: Mine }]`, and call `super.decide(situation)` for the rest.
 */
@Injectable()
export class RestartPolicy {
  /**
   * Has the last word, over holds, `mode: 'observe'` and stand-by, too: only `super.decide` knows of them, so whoever
   * would act asks it first. To leave a container alone it need not be asked.
   *
   * Must be quick, must not do anything, and must give the same answer for the same situation: it may be asked twice in
   * one check (after a `rearm`). When it throws, or answers what is no decision, the container is left alone as
   * `unknown-state`, and that is logged once, until it answers again.
   */
  decide(situation: Situation): Decision {
    return decide(situation);
  }
}
