import type { StoreContext } from './context.js';
import { databaseAnswered, databaseFailed } from './role.js';
import { troubleOf } from './trouble.js';

/** The database could not be used. */
export function onFailure(context: StoreContext, error: unknown): void {
  const { access, asking, clock, health, log, refusals, role, timing } = context;
  const now = clock.monotonic();
  const trouble = troubleOf(error, access.name);
  refusals.failed(trouble.kind === 'refused', now);
  health.failed(trouble);
  asking.dropUnseen(timing.leaseMs);
  role.become(databaseFailed(role.state, { now, graceMs: timing.graceMs, hasUnsaved: log.hasUnsavedEvents }));
}

/** The database was looked at, and what followed from that was done. */
export function onSuccess({ clock, health, role }: StoreContext): void {
  role.become(databaseAnswered(role.state, clock.monotonic()));
  health.recovered();
}
