import type { ContainerView } from '../client.js';
import { isUnseen, lost } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { exactTime } from '../words/format.js';
import { countdownText } from './time.js';

/** `(==)(==)(  ) 2 of 3 used` */
export function AttemptPips({ used, of }: { used: number; of: number }) {
  return (
    <span class="pips">
      {of <= 8 && (
        <span class="pip-row" aria-hidden="true">
          {Array.from({ length: of }, (_, index) => (
            <span key={index} class="pip" data-used={index < used || undefined} />
          ))}
        </span>
      )}
      <span>{copy.incidentCard.used(used, of)}</span>
    </span>
  );
}

/** The countdown to the next attempt. Silent for screen readers, which read the clock time instead. */
export function NextAttempt({ view }: { view: ContainerView }) {
  const { nextAttemptAt } = view;
  if (nextAttemptAt === null || isUnseen(view)) return null;
  if (lost.value) {
    return (
      <span class="countdown-words">{copy.incidentCard.stoppedAt(exactTime(Date.parse(nextAttemptAt)))}</span>
    );
  }
  const { number, words } = countdownText(nextAttemptAt);
  if (number === null) return <span class="countdown-words">{words}</span>;
  const until =
    view.status === 'given-up'
      ? copy.incidentCard.untilNext
      : copy.incidentCard.until(Math.min(view.attempts + 1, view.maxAttempts));
  return (
    <span class="next-attempt">
      <span aria-hidden="true">
        <span class="countdown">{number}</span> {until}
      </span>
      <span class="hidden">{words}</span>
    </span>
  );
}
