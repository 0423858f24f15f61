import type { ContainerView, Status } from '../client.js';
import { isUnseen } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { Shape, type ShapeName } from './shape.js';

/** Which of the seven colours a status has, everywhere. */
export const TONES: Record<Status | 'not-watched' | 'unknown', string> = {
  healthy: 'good',
  'not-yet': 'busy',
  starting: 'busy',
  restarting: 'busy',
  unhealthy: 'warn',
  down: 'bad',
  'backing-off': 'bad',
  'given-up': 'bad',
  'crash-looping': 'bad',
  waiting: 'rest',
  stopped: 'rest',
  held: 'held',
  ignored: 'rest',
  'not-watched': 'rest',
  unknown: 'rest',
};

/** While its engine is silent nobody knows how a container is. */
export function shownStatus({ status, host }: Pick<ContainerView, 'status' | 'host'>): Status {
  return isUnseen({ host }) && status !== 'held' && status !== 'ignored' ? 'unknown' : status;
}

export function isLeaking({ memory }: ContainerView): boolean {
  return memory?.trend?.leaking ?? false;
}

export function StatusBadge({
  of,
  size = 20,
}: {
  of: Pick<ContainerView, 'status' | 'host'>;
  size?: number;
}) {
  const shown = shownStatus(of);
  return (
    <span class="badge" data-tone={TONES[shown]} data-status={shown}>
      <Shape name={shown satisfies ShapeName} size={size} />
      <b>{copy.status[shown]}</b>
    </span>
  );
}
