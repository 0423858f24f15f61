import type { DecisionCode } from '../policy/index.js';

/** Something to be done now, already written down. */
export interface Act {
  readonly name: string;
  readonly id: string;
  readonly kind: 'start' | 'restart';
  readonly stopTimeoutMs: number;
  /** Which attempt it is; `null`: a restart that answers no failure. */
  readonly attempt: number | null;
  readonly code: DecisionCode;
  readonly reason: string;
}
