import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ExternalTiles } from '../components/external-tiles.js';
import { IncidentCard } from '../components/incident-card.js';
import { ContainerName } from '../components/container-name.js';
import { Page } from '../components/page.js';
import { Shape } from '../components/shape.js';
import { TONES } from '../components/status-badge.js';
import { HostChoice } from '../components/host-choice.js';
import { openFirstTile } from '../components/tile-focus.js';
import { Tiles } from '../components/tiles.js';
import { Icon } from '../components/icon.js';
import { useStableList } from '../components/use-stable-list.js';
import { standingOf, type Incident } from '../client.js';
import { lastDay, nameOfCause } from '../model/cause.js';
import { spaceLeft } from '../model/space.js';
import { isOfThisEngine, isPressing, isQuiet, problemStatus, type Problem } from '../model/problems.js';
import { headline } from '../model/headline.js';
import { hostsToShow } from '../model/hosts.js';
import { leakOutlook } from '../model/leak.js';
import { clock } from '../state/clock.js';
import { incidents, lost, outage, status, views } from '../state/monitor.js';
import { hosts } from '../state/hosts.js';
import { currentProblems } from '../state/problem-state.js';
import { href, replaceRoute, type OverviewFilter } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { ago, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';

export function OverviewPage({ filter }: { filter: OverviewFilter }) {
  const { title, detail } = headline([...views.value.values()], currentProblems.value, {
    lastKnown: lost.value || outage.value,
  });
  return (
    <Page id="overview" name={copy.nav.overview} heading={<Headline title={title} />}>
      <p class="detail">
        {detail} <Checked />
      </p>
      <WrongNow />
      <Soon />
      <LastDay />
      {views.value.size > 0 && <AllContainers filter={filter} />}
      <ExternalTiles />
    </Page>
  );
}

/** A sentence breaks as a whole where it does not fit, and its shape says the worst before it is read. */
function Headline({ title }: { title: string }) {
  const sentences = title.split(/(?<=\.) /);
  return (
    <span class="headline">
      <HeadlineMark />
      <span>
        {sentences.map((sentence, index) => (
          <Fragment key={index}>
            <span class="sentence">{sentence}</span>{' '}
          </Fragment>
        ))}
      </span>
    </span>
  );
}

function HeadlineMark() {
  const worst = currentProblems.value.find(
    (problem) => isPressing(problem) && !isOfThisEngine(problem.incident),
  );
  const unsettled = [...views.value.values()].find(({ status }) => !isQuiet(status));
  const status = worst
    ? problemStatus(worst)
    : (unsettled?.status ?? (views.value.size > 0 ? 'healthy' : 'ignored'));
  const shape = outage.value || lost.value ? 'unknown' : status;
  return (
    <span class="headline-mark" data-tone={TONES[shape]}>
      <Shape name={shape} size={36} />
    </span>
  );
}

/** The proof that this is fresh. */
function Checked() {
  const at = status.value?.lastCheckAt;
  if (!status.value) return null;
  return (
    <span class="checked">
      {at ? copy.headline.checked(ago(Date.parse(at), clock.value)) : copy.headline.neverChecked}
    </span>
  );
}

function WrongNow() {
  const [problems, handlers] = useStableList(currentProblems.value);
  if (problems.length === 0) return null;
  // While the list is in use it keeps its order; what it says is always the latest.
  const latest = new Map(currentProblems.value.map((problem) => [problem.incident.id, problem]));
  const shownNow = problems.map((problem) => latest.get(problem.incident.id) ?? problem);
  const pressing = shownNow.filter(isPressing);
  return (
    <div {...handlers}>
      <Cards id="wrong-now" title={copy.overview.wrongNow} problems={pressing} />
      <Cards
        id="up-again"
        title={copy.overview.upAgain}
        problems={shownNow.filter((problem) => !pressing.includes(problem))}
      />
    </div>
  );
}

function Cards({ id, title, problems }: { id: string; title: string; problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div class="cards">
        {problems.map((problem) => (
          <IncidentCard key={problem.incident.id} problem={problem} />
        ))}
      </div>
    </section>
  );
}

function Soon() {
  const coming = [...incidents.value.values()].filter(
    (incident) => standingOf(incident, undefined) === 'soon',
  );
  const failing = status.value?.webhooks?.failing ?? 0;
  if (coming.length === 0 && failing === 0) return null;
  return (
    <section aria-labelledby="soon">
      <h2 id="soon">{copy.overview.soon}</h2>
      <ul class="soon">
        {coming.map((incident) =>
          incident.kind === 'leak' ? (
            <Leak key={incident.id} incident={incident} />
          ) : (
            <Space key={incident.id} incident={incident} />
          ),
        )}
        {failing > 0 && (
          <li>
            <span data-tone="warn" class="soon-mark">
              <Shape name="unhealthy" />
              <b>{copy.overview.webhooksSoon}</b>
            </span>
            <span class="soon-text">{copy.overview.webhooksFailing(failing)}</span>
            <a
              class="button small"
              href={href.webhooks}
              aria-label={`${copy.overview.open} ${copy.overview.webhooksSoon}`}
            >
              {copy.overview.open}
            </a>
          </li>
        )}
      </ul>
    </section>
  );
}

function Leak({ incident: { cause } }: { incident: Incident }) {
  const name = cause.container ?? '';
  const memory = views.value.get(name)?.memory;
  return (
    <li>
      <span data-tone="warn" class="soon-mark">
        <Shape name="leak" />
        <b>{copy.leak}</b>
      </span>
      <span class="soon-text">
        <b>
          <ContainerName name={name} />
        </b>{' '}
        {memory?.trend && leakOutlook(memory.trend, memory.limitBytes, clock.value)}
        <span class="figures">{upperFirst(shown(memory?.trend?.reason ?? cause.reason, 300))}</span>
      </span>
      <a class="button small" href={href.container(name)} aria-label={`${copy.overview.open} ${shown(name)}`}>
        {copy.overview.open}
      </a>
    </li>
  );
}

function Space({ incident }: { incident: Incident }) {
  const { id, cause } = incident;
  const fileSystem = status.value?.machine?.fileSystems.find(({ mount }) => mount === cause.machine);
  return (
    <li>
      <span data-tone="warn" class="soon-mark">
        <Shape name="unhealthy" />
        <b>{copy.space.title}</b>
      </span>
      <span class="soon-text">
        {shown(cause.reason, 300)}
        {fileSystem && <span class="figures">{spaceLeft(fileSystem)}</span>}
      </span>
      <a
        class="button small"
        href={href.incident(id)}
        aria-label={`${copy.overview.open} ${nameOfCause(incident)}`}
      >
        {copy.overview.open}
      </a>
    </li>
  );
}

function LastDay() {
  return (
    <p class="last-day">
      <b>{copy.overview.last24}</b>{' '}
      <a href={href.incidents}>{lastDay(incidents.value.values(), clock.value)}</a>
    </p>
  );
}

function AllContainers({ filter }: { filter: OverviewFilter }) {
  const narrow = useNarrow();
  const total = views.value.size;
  const { find, only, host } = filter;
  const set = (change: Partial<OverviewFilter>) => replaceRoute(href.overview({ ...filter, ...change }));
  return (
    <section aria-labelledby="all">
      <div class="section-head">
        <h2 id="all">{copy.overview.all(total)}</h2>
        <form
          class="filters"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            openFirstTile();
          }}
        >
          {hosts.value.length > 0 && (
            <HostChoice hosts={hosts.value} chosen={host} onChoose={(key) => set({ host: key })} />
          )}
          <label class="find">
            <Icon name="search" size={16} />
            <span class="hidden">{copy.overview.findHint}</span>
            <input
              id="find"
              type="search"
              autocomplete="off"
              spellcheck={false}
              placeholder={copy.overview.find}
              value={find}
              onInput={(event) => set({ find: event.currentTarget.value })}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.preventDefault();
                set({ find: '' });
                event.currentTarget.blur();
              }}
            />
          </label>
          <label class="choice">
            <input
              type="checkbox"
              checked={only}
              onChange={(event) => set({ only: event.currentTarget.checked })}
            />
            <span>{copy.overview.onlyNotHealthy}</span>
          </label>
        </form>
      </div>
      <Tiles find={find} onlyNotHealthy={only} hosts={hostsToShow(hosts.value, host)} fold={narrow} />
    </section>
  );
}

const PHONE = '(max-width: 719px)';

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const query = matchMedia(PHONE);
    const update = () => setNarrow(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return narrow;
}
