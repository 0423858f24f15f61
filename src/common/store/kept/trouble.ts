/** `refused`: it can be used, but does not take just what is to be written. */
export type TroubleKind =
  'locked' | 'full' | 'read-only' | 'corrupt' | 'unreachable' | 'unusable' | 'refused';

/** Why the database cannot be used, and what to do about it, in sentences for people. */
export interface Trouble {
  readonly kind: TroubleKind;
  readonly reason: string;
}
