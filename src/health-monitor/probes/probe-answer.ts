/** A question that could not be put, so that nothing is known. */
export interface NotAsked {
  readonly kind: 'not-asked';
  /** What a person has to mend, in words; `null`: it passes by itself, as an engine that is away. */
  readonly why: string | null;
}

/** What one question to a container brought. */
export interface ProbeAnswer {
  readonly kind: 'ok' | 'not-yet' | 'failed';
  /** For people, without secrets, at most 300 characters: what it answered, or why there was no answer. */
  readonly words: string;
  /** How far it has come, from 0 to 1; `null`: it does not say. */
  readonly share: number | null;
  /** Of `not-yet`: only a person can get it ready. Left out: it may get ready by itself. */
  readonly needsPerson?: boolean;
  /** Of `not-yet`: it did not tell us how it is, as without credentials. Left out: false. */
  readonly isDeclined?: true;
  /** Nobody was asked, so that it says nothing of the network. Left out: false. */
  readonly isOurOwn?: true;
  /** Of `failed`: nothing came back in time. Left out: false. */
  readonly isSilence?: true;
}
