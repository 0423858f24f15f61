import type { HostBoot, Inspection } from './inspection.js';

/** The host's own shutdown service stops containers as a person does, within this time of its end. */
const SHUTDOWN_WINDOW_MS = 3 * 60_000;

/** What happened from then on, and before the host came up, may have been its shutdown. */
export const shutdownBegan = ({ downAt }: HostBoot): number => downAt - SHUTDOWN_WINDOW_MS;

/** It ran until the host went down: killed with it, or stopped by the host's own shutdown service. */
export function wentDownWithHost({ container: { state }, startedAt, exitedAt, host }: Inspection): boolean {
  if (startedAt === null || startedAt >= host.bootedAt) return false;
  if (state === 'created' || exitedAt === null || exitedAt < startedAt) return true;
  return exitedAt < host.bootedAt && exitedAt >= shutdownBegan(host);
}
