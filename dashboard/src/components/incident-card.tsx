import { advice, answersAgain, causeSentence, lasted, nameOfCause, runsAgain } from '../model/cause.js';
import { isBack, problemStatus, type Problem } from '../model/problems.js';
import { clock } from '../state/clock.js';
import { isUnseen } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { ago, moment } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { AttemptPips, NextAttempt } from './attempts.js';
import { ContainerActions } from './container-actions.js';
import { ContainerLinks } from './container-name.js';
import { Shape, type ShapeName } from './shape.js';
import { shownStatus, TONES } from './status-badge.js';
import { TextWithCode } from './text-with-code.js';

const HOUR = 3_600_000;

/** A cause: loud, with what is being done and what can be done; its victims: one quiet line. */
export function IncidentCard({ problem, compact = false }: { problem: Problem; compact?: boolean }) {
  const { incident, view } = problem;
  if (incident.status === 'resolved' || isBack(problem)) return <QuietCard problem={problem} />;
  const status = problemStatus(problem);
  const shape: ShapeName = isUnseen(incident) && incident.cause.external === undefined ? 'unknown' : status;
  const waiting = incident.victims.filter(({ to }) => to === null).map(({ container }) => container);
  const healing =
    view !== null && (view.nextAttemptAt !== null || view.attempts > 0) && view.status !== 'healthy';
  return (
    <article
      class="incident-card"
      data-tone={TONES[status]}
      data-status={status}
      aria-labelledby={`cause-${incident.id}`}
    >
      <header class="incident-head">
        <Shape name={shape} size={28} />
        <div>
          <h3 id={`cause-${incident.id}`}>
            <a href={href.incident(incident.id)}>{causeSentence(incident, view)}</a>
          </h3>
          <p class="when">{began(incident, clock.value)}</p>
        </div>
      </header>
      <div class="incident-body">
        <p class="reason">
          <TextWithCode text={reasonOf(problem)} limit={400} />
        </p>
        {(healing || view) && (
          <div class={`incident-row ${healing ? '' : 'bare'}`}>
            {healing && view && (
              <div class="incident-attempts">
                <NextAttempt view={view} />
                <AttemptPips used={view.attempts} of={view.maxAttempts} />
              </div>
            )}
            {view && <ContainerActions view={view} prominent />}
          </div>
        )}
        {waiting.length > 0 && (
          <p class="victims">
            <Shape name="waiting" />
            <span>
              {copy.incidentCard.waitFor(waiting.length, waitedFor(incident))}{' '}
              <span class="wide-only">{copy.incidentCard.leftAlone(waiting.length === 1)} </span>
              <ContainerLinks names={waiting} limit={4} />
            </span>
          </p>
        )}
        {!compact && (
          <a class="more" href={href.incident(incident.id)}>
            {copy.incidentCard.read}
          </a>
        )}
      </div>
    </article>
  );
}

/** When it began, when it began again after it had been over, and how long ago that was. */
function began({ openedAt, reopenedAt }: Problem['incident'], now: number): string {
  const latest = Date.parse(reopenedAt ?? openedAt);
  return copy.incidentCard.opened(
    moment(Date.parse(openedAt), now),
    reopenedAt === undefined ? null : moment(latest, now),
    now - latest < HOUR ? ago(latest, now) : null,
  );
}

/** What is done about it; of the machine, which has said it all with its cause, what to do. */
const reasonOf = ({ incident, view }: Problem): string =>
  view?.decision.reason ??
  (incident.cause.machine === undefined ? incident.cause.reason : advice(incident, []));

const waitedFor = (incident: Problem['incident']): string =>
  incident.kind === 'disk-full' ? copy.space.on(nameOfCause(incident)) : nameOfCause(incident);

/** Good news, in little space: up again and watched, or over; that one keeps its place for some seconds, to be seen. */
function QuietCard({ problem: { incident, view, isExternalUp = false } }: { problem: Problem }) {
  const over = incident.status === 'resolved';
  const again = isExternalUp ? answersAgain(incident) : runsAgain(incident, view, isUnseen(incident));
  const shape = over ? 'healthy' : shownStatus({ status: 'healthy', host: incident.host });
  return (
    <article class="incident-card" data-tone={TONES[shape]} aria-labelledby={`cause-${incident.id}`}>
      <header class="incident-head">
        <Shape name={shape satisfies ShapeName} size={28} />
        <div>
          <h3 id={`cause-${incident.id}`}>
            <a href={href.incident(incident.id)}>
              {over ? nameOfCause(incident) : causeSentence(incident, view, isExternalUp)}
            </a>
          </h3>
          <p class="when">
            {over
              ? copy.incidentCard.again(lasted(incident, clock.value))
              : (again ?? shown(view?.decision.reason ?? '', 400))}
          </p>
        </div>
      </header>
    </article>
  );
}
