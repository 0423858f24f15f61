import { useState } from 'preact/hooks';
import { type ContainerView, type Evidence, type Incident, type MemoryView } from '../client.js';
import { NextAttempt } from '../components/attempts.js';
import { ChoiceBar } from '../components/choice-bar.js';
import { ContainerActions } from '../components/container-actions.js';
import { CopyButton } from '../components/copy-button.js';
import { Empty } from '../components/empty.js';
import { Fact } from '../components/fact.js';
import { Icon } from '../components/icon.js';
import { MemoryChart } from '../components/memory-chart.js';
import { ContainerLink } from '../components/container-name.js';
import { Page } from '../components/page.js';
import { ExternalBadge } from '../components/external-tiles.js';
import { StatusBadge } from '../components/status-badge.js';
import { RecordingButton } from '../components/recording-button.js';
import { EventTable, StoryList } from '../components/story-list.js';
import { useContainerDetail } from '../components/use-container-detail.js';
import {
  advice,
  answersAgain,
  causeReason,
  causeSentence,
  endedBy,
  headline,
  lasted,
  runsAgain,
} from '../model/cause.js';
import { decisionSentence } from '../model/leak.js';
import { standingNow } from '../model/standing-now.js';
import { storyText } from '../model/story.js';
import { waitsOf, werePassedOver } from '../model/waits.js';
import { causes } from '../state/causes.js';
import { clock } from '../state/clock.js';
import { calledOf, externals, incidents, isUnseen, loaded, views } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { exactDuration, exactTime } from '../words/format.js';
import { shown } from '../words/safe-text.js';

const words = copy.incident;

const CHIP_TONES = { wrong: 'bad', 'up-again': 'good', soon: 'warn', over: 'good' } as const;

export function IncidentPage({ id }: { id: string }) {
  const incident = incidents.value.get(id);
  const back = (
    <a class="back" href={href.incidents}>
      <Icon name="back" size={16} /> {words.back}
    </a>
  );
  if (!incident) {
    return (
      <Page id={`incident ${id}`} name={copy.nav.incidents} heading={words.missing} before={back}>
        {loaded.value && <Empty title={words.missing} text={words.missingDetail} />}
      </Page>
    );
  }
  const view = views.value.get(incident.cause.container ?? '') ?? null;
  const external = externals.value.get(incident.cause.external ?? '') ?? null;
  const title = headline(incident, view, clock.value, external?.status === 'up');
  const notifications = incident.timeline.filter(({ type }) => type === 'notification.created').length;
  const open = incident.status === 'open';
  const again = runsAgain(incident, view, isUnseen(incident));
  const standing = standingNow(incident, causes.value, isUnseen(incident));
  return (
    <Page
      id={`incident ${id}`}
      name={copy.nav.incidents}
      heading={title}
      before={
        <div class="crumbs">
          {back}
          <span class="chip" data-tone={CHIP_TONES[standing]}>
            {words.standing[standing]}
          </span>
        </div>
      }
    >
      <p class="detail">
        {[
          words.opened(exactTime(Date.parse(incident.openedAt))),
          ...(incident.reopenedAt ? [words.reopened(exactTime(Date.parse(incident.reopenedAt)))] : []),
          ...(incident.resolvedAt
            ? [words.resolvedAt(exactTime(Date.parse(incident.resolvedAt)), endedBy(incident))]
            : []),
          words.notified(notifications),
        ].join(' · ')}
      </p>
      <Facts incident={incident} />
      {open && view && (
        <div class="incident-now">
          <StatusBadge of={view} />
          <span class="reason">{again ?? nowSentence(incident, view)}</span>
          <NextAttempt view={view} />
          <ContainerActions view={view} prominent={view.status !== 'healthy'} />
        </div>
      )}
      {open && external && (
        <div class="incident-now">
          <ExternalBadge status={external.status} />
          <span class="reason">
            {external.status === 'up' ? answersAgain(incident) : shown(external.sentence, 400)}
          </span>
        </div>
      )}
      <div class="incident-columns">
        <div>
          <Cause incident={incident} />
          <LatestAttempt incident={incident} />
          <Victims incident={incident} />
        </div>
        <section aria-labelledby="advice" class="advice">
          <h2 id="advice">{words.advice}</h2>
          <p>{advice(incident, incidents.value.values(), external?.status === 'up', view)}</p>
        </section>
      </div>
      <Happened incident={incident} title={title} />
    </Page>
  );
}

/** How it stands with it; what a leak comes to is the heading, and how it is measured is its cause. */
function nowSentence({ kind }: Incident, view: ContainerView): string {
  const onlyLeaks = kind === 'leak' && view.status === 'healthy' && view.memory?.trend?.leaking;
  return onlyLeaks ? words.leaksWhileUp : decisionSentence(view, clock.value);
}

function Facts({ incident }: { incident: Incident }) {
  const open = incident.status === 'open';
  return (
    <dl class="three-facts">
      <Fact label={open ? words.facts.downOpen : words.facts.down}>
        {exactDuration(lasted(incident, clock.value))}
      </Fact>
      <Fact label={open ? words.facts.victimsOpen : words.facts.victims}>
        {waitsOf(incident).length || words.facts.none}
      </Fact>
      {open ? (
        <Fact label={words.facts.attempts}>{incident.attempts}</Fact>
      ) : (
        <Fact label={words.facts.ended}>{endedBy(incident)}</Fact>
      )}
    </dl>
  );
}

function Cause({ incident }: { incident: Incident }) {
  const { container, evidence } = incident.cause;
  const external = externals.value.get(incident.cause.external ?? '');
  const view = views.value.get(container ?? '') ?? null;
  return (
    <section aria-labelledby="cause">
      <h2 id="cause">{words.cause}</h2>
      {incident.status === 'resolved' && <p>{causeSentence(incident, view)}</p>}
      <p>{causeReason(incident, view)}</p>
      {evidence && <p class="detail">{exactTime(Date.parse(evidence.at))}</p>}
      <Found evidence={evidence} />
      {view?.memory && (incident.kind === 'leak' || evidence?.oomKilled) && (
        <MemoryEvidence incident={incident} name={view.name} memory={view.memory} />
      )}
      {external && (
        <p class="more-line">
          <a class="more" href={href.external(external.id)}>
            {words.openExternal(shown(external.name))}
          </a>
        </p>
      )}
      {view && (
        <p class="more-line">
          <a class="more" href={href.container(view.name)}>
            {words.openContainer(shown(view.name))}
          </a>
        </p>
      )}
    </section>
  );
}

/** Why it does not come back; the cause beside it stays what it was. */
function LatestAttempt({ incident: { failedAttempt } }: { incident: Incident }) {
  if (failedAttempt === null) return null;
  const { attempt, at, reason, evidence } = failedAttempt;
  return (
    <section aria-labelledby="latest-attempt">
      <h2 id="latest-attempt">{words.latestAttempt}</h2>
      <p>{words.attemptAt(attempt, exactTime(Date.parse(at)))}</p>
      <p>{shown(reason, 400)}</p>
      <Found evidence={evidence} />
    </section>
  );
}

/** What was found of one end or one failed check. */
function Found({ evidence }: { evidence: Evidence | null }) {
  if (evidence === null) return null;
  const { exitCode, signal, oomKilled, health, log } = evidence;
  return (
    <>
      <dl class="facts">
        {exitCode !== null && (
          <Fact label={words.exit}>{words.exitText(exitCode, signal && shown(signal), oomKilled)}</Fact>
        )}
        {health !== null && <Fact label={words.check}>{shown(health, 500)}</Fact>}
      </dl>
      {log.length > 0 && (
        <details class="log" open={log.length <= 6}>
          <summary>{words.lastWords}</summary>
          <pre tabIndex={0}>{log.map((line) => shown(line, 500)).join('\n')}</pre>
        </details>
      )}
    </>
  );
}

const BEFORE_MS = 12 * 3_600_000;

/** How its memory went in the 12 hours before, with a mark where the incident began. */
function MemoryEvidence({
  incident,
  name,
  memory,
}: {
  incident: Incident;
  name: string;
  memory: MemoryView;
}) {
  const detail = useContainerDetail(name);
  const openedAt = Date.parse(incident.openedAt);
  const samples = (detail?.samples ?? []).filter(({ at }) => Date.parse(at) >= openedAt - BEFORE_MS);
  if (samples.length < 2) return null;
  return (
    <div class="memory-evidence">
      <MemoryChart
        samples={samples}
        trend={incident.kind === 'leak' ? memory.trend : null}
        limitBytes={memory.limitBytes}
        usedBytes={memory.usedBytes}
        restarts={[openedAt]}
        sentence={words.memoryBefore}
      />
    </div>
  );
}

function Victims({ incident }: { incident: Incident }) {
  const waits = waitsOf(incident);
  if (waits.length === 0) return null;
  const isStill = waits.some(({ since }) => since !== null);
  return (
    <section aria-labelledby="victims">
      <h2 id="victims">{isStill ? copy.status.waiting : words.waitedTitle}</h2>
      {werePassedOver(incident, views.value) && <p>{words.noAttempts}</p>}
      <ul class="victim-list">
        {waits.map(({ container, ms, since }) =>
          since === null ? (
            <li key={container}>
              <ContainerLink name={container} />
              {exactDuration(ms)}
            </li>
          ) : null,
        )}
        {waits.map(({ container, ms, since }) =>
          since === null ? null : (
            <li key={container}>
              <StatusBadge of={{ status: 'waiting', host: incident.host }} />
              <ContainerLink name={container} />
              {words.soFar(ms + clock.value - since)}
            </li>
          ),
        )}
      </ul>
    </section>
  );
}

function Happened({ incident, title }: { incident: Incident; title: string }) {
  const [how, setHow] = useState<'story' | 'everything'>('story');
  return (
    <section aria-labelledby="happened">
      <div class="section-head">
        <h2 id="happened">{words.happened}</h2>
        <div class="filters">
          <ChoiceBar
            label={words.view}
            choices={{ story: words.story, everything: words.everything }}
            chosen={how}
            onChoose={setHow}
          />
          <CopyButton
            text={() => storyText(title, incident, calledOf)}
            label={words.copy}
            copied={words.copied}
          />
        </div>
      </div>
      {how === 'story' ? (
        <StoryList
          events={incident.timeline}
          said={incident.cause.reason}
          {...(incident.cause.container && { subject: incident.cause.container })}
        />
      ) : (
        <EventTable events={incident.timeline} />
      )}
      <RecordingButton />
    </section>
  );
}
