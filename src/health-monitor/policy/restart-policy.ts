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
   * Has the last word: holds, observing, another process on the same store and acts under way are the built-in policy's to
   * heed, so ask it first. Must be quick, must not do anything, and must give the same answer for the same situation; may be
   * asked twice in one check. Where it throws or answers nonsense, that container is left alone, and the log says so.
   */
  decide(situation: Situation): Decision {
    return decide(situation);
  }
}
