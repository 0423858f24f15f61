/** A start is waited for so long, whoever asks for it. */
export const START_MS = 120_000;
/** A stop or restart is waited for so much longer than the container may take to end. */
export const STOP_GRACE_MS = 30_000;

/** How long an act may be without an answer, by the contract of a runtime, in milliseconds. */
export const actDeadlineMs = (kind: 'start' | 'stop' | 'restart', stopTimeoutMs: number): number =>
  kind === 'start' ? START_MS : stopTimeoutMs + STOP_GRACE_MS;
