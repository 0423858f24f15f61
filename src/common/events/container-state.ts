/** A container's state in the engine's words; anything an engine may add later is `unknown`. */
export const CONTAINER_STATES = [
  'created',
  'configured',
  'initialized',
  'running',
  'paused',
  'restarting',
  'stopping',
  'stopped',
  'exited',
  'removing',
  'unknown',
] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

/** `none`: it has no health check, or its health check does not run here. */
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';
