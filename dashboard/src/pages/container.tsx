import { useState } from 'preact/hooks';
import { probeSentence, type ContainerView, type HealthEvent, type MemorySample } from '../client.js';
import { AttemptPips, NextAttempt } from '../components/attempts.js';
import { ContainerActions } from '../components/container-actions.js';
import { CopyButton } from '../components/copy-button.js';
import { Empty } from '../components/empty.js';
import { ExternalLinks } from '../components/external-tiles.js';
import { Fact } from '../components/fact.js';
import { Icon } from '../components/icon.js';
import { MemoryChart } from '../components/memory-chart.js';
import { ContainerLinks, ContainerName } from '../components/container-name.js';
import { Page } from '../components/page.js';
import { Shape } from '../components/shape.js';
import { isLeaking, StatusBadge } from '../components/status-badge.js';
import { RecordingButton } from '../components/recording-button.js';
import { StoryList } from '../components/story-list.js';
import { Strip } from '../components/strip.js';
import { useContainerDetail } from '../components/use-container-detail.js';
import { decisionSentence } from '../model/leak.js';
import { externalsOf } from '../model/externals.js';
import { neighbours } from '../model/problems.js';
import { ruleText } from '../model/rules.js';
import { clock } from '../state/clock.js';
import {
  calledOf,
  containers,
  externals,
  isUnseen,
  loaded,
  memoryOf,
  memoryTick,
  observing,
  views,
} from '../state/monitor.js';
import { currentProblems } from '../state/problem-state.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { ago, duration, time, upperFirst } from '../words/format.js';
import { shown } from '../words/safe-text.js';

const words = copy.container;
const PAGE = 50;

export function ContainerPage({ name }: { name: string }) {
  const view = containers.value.get(name)?.value;
  const back = (
    <div class="crumbs">
      <a class="back" href={href.overview()}>
        <Icon name="back" size={16} /> {words.back}
      </a>
    </div>
  );
  if (!view) {
    return (
      <Page id={`container ${name}`} name={shown(name)} heading={words.missing(shown(name))} before={back}>
        {loaded.value && <Empty title={words.missing(shown(name))} text={words.missingDetail} />}
      </Page>
    );
  }
  return (
    <Page
      id={`container ${name}`}
      name={shown(name)}
      heading={<ContainerName name={name} whole />}
      before={back}
      under={
        <>
          <div class="status-line" data-status={view.status}>
            <StatusBadge of={view} size={24} />
            <span>{statusDetail(view, clock.value)}</span>
            {isLeaking(view) && (
              <span class="badge" data-tone="warn">
                <Shape name="leak" />
                <b>{copy.leak}</b>
              </span>
            )}
          </div>
          <Decision view={view} />
          {view.unreadable !== null && (
            <p class="decision">{words.unreadable(shown(view.unreadable, 400))}</p>
          )}
          <Attempts view={view} />
        </>
      }
      beside={<ContainerActions view={view} prominent={view.status !== 'healthy'} />}
    >
      <OwnIncident name={name} />
      <Details view={view} />
    </Page>
  );
}

/** What is done about it; of what is on a silent host, that nothing is. */
function Decision({ view }: { view: ContainerView }) {
  if (view.status === 'unknown') return <p class="decision">{words.onSilentHost}</p>;
  return (
    <p class="decision">
      {decisionSentence(view, clock.value)}{' '}
      <span class="decided">
        {words.decided(ago(Date.parse(view.decision.at), clock.value))}
        {observing.value && ` · ${copy.mode.observe}`}
      </span>
    </p>
  );
}

/** What stands behind the status: since when, until when, or for whom. */
function statusDetail(view: ContainerView, now: number): string {
  if (isUnseen(view) || view.status === 'unknown') return '';
  if (view.hold) return view.hold.until ? copy.statusUntil(time(Date.parse(view.hold.until))) : '';
  const since = view.status === 'healthy' && view.startedAt ? view.startedAt : view.spans.at(-1)?.from;
  const lasting = since === undefined ? '' : copy.statusFor(duration(now - Date.parse(since)));
  if (view.status !== 'waiting' || view.blockedBy.length === 0) return lasting;
  return `${lasting}. ${words.waitsFor(view.blockedBy.map((one) => shown(calledOf(one))))}`;
}

function Attempts({ view }: { view: ContainerView }) {
  if (view.attempts === 0 && view.nextAttemptAt === null) return null;
  return (
    <div class="incident-attempts own-attempts">
      {view.status !== 'healthy' && <NextAttempt view={view} />}
      <AttemptPips used={view.attempts} of={view.maxAttempts} />
    </div>
  );
}

function OwnIncident({ name }: { name: string }) {
  const problem = currentProblems.value.find(
    ({ incident }) => incident.cause.container === name && incident.status === 'open',
  );
  if (!problem) return null;
  return (
    <p>
      <a class="more" href={href.incident(problem.incident.id)}>
        {words.incidentLink}
      </a>
    </p>
  );
}

function Details({ view }: { view: ContainerView }) {
  const detail = useContainerDetail(view.name);
  return (
    <div class="container-columns">
      <div>
        <section class="card" aria-labelledby="memory">
          <h2 id="memory">{words.memory}</h2>
          {view.memory ? (
            <Memory view={view} samples={detail?.samples ?? null} history={detail?.history ?? []} />
          ) : (
            <p>{words.noMemory}</p>
          )}
        </section>
        <section aria-labelledby="day">
          <h2 id="day">{words.strip}</h2>
          <Strip spans={view.spans} />
        </section>
        <History history={detail?.history ?? null} name={view.name} />
      </div>
      <aside class="card">
        <FactList view={view} />
        <Rules view={view} />
      </aside>
    </div>
  );
}

function Memory({
  view,
  samples,
  history,
}: {
  view: ContainerView;
  samples: readonly MemorySample[] | null;
  history: readonly HealthEvent[];
}) {
  void memoryTick.value;
  if (!view.memory || samples === null) return <div class="plot-outline" />;
  const { trend, limitBytes, usedBytes } = view.memory;
  const last = samples.at(-1)?.at ?? '';
  const all = [...samples, ...memoryOf(view.name).filter(({ at }) => at > last)].slice(-288);
  const restarts = history
    .filter(({ type }) => type === 'container.started' || type === 'container.restarted')
    .map(({ at }) => Date.parse(at));
  return (
    <MemoryChart
      samples={all}
      trend={trend}
      limitBytes={limitBytes}
      usedBytes={usedBytes}
      restarts={restarts}
    />
  );
}

function FactList({ view }: { view: ContainerView }) {
  const { needs, neededBy } = neighbours(view.name, views.value);
  const none = <>{words.nothing}</>;
  const outside = externalsOf(view, views.value, externals.value);
  return (
    <dl class="facts">
      {view.hold && (
        <Fact label={words.hold}>
          {words.holdText(
            shown(view.hold.reason, 200),
            shown(view.hold.by),
            view.hold.until ? copy.statusUntil(time(Date.parse(view.hold.until))) : words.holdOpen,
          )}
        </Fact>
      )}
      <Fact label={words.needs}>
        {needs.length > 0 && <ContainerLinks names={needs} limit={20} />}
        {outside.length > 0 && <ExternalLinks externals={outside} />}
        {needs.length + outside.length === 0 && none}
      </Fact>
      <Fact label={words.neededBy}>
        {neededBy.length > 0 ? <ContainerLinks names={neededBy} limit={20} /> : none}
      </Fact>
      {view.probe && <Fact label={words.probe}>{upperFirst(shown(probeSentence(view.probe), 400))}</Fact>}
      <Fact label={words.owner}>{words.owners[view.owner]}</Fact>
      {view.exit && (
        <Fact label={words.exit}>
          {words.exitText(
            view.exit.code,
            copy.exitWords(view.exit.code, view.exit.oomKilled),
            ago(Date.parse(view.exit.at), clock.value),
          )}
        </Fact>
      )}
      <Fact label={words.image}>
        <code>{shown(view.image, 200)}</code>
      </Fact>
      <Fact label={words.id}>
        <code>{shown(view.id.slice(0, 12))}</code>{' '}
        <CopyButton text={() => view.id} label={words.copyId} copied={words.copied} />
      </Fact>
    </dl>
  );
}

function Rules({ view }: { view: ContainerView }) {
  const rules = Object.entries(view.rules);
  if (rules.length === 0) return null;
  return (
    <section class="rule-section" aria-labelledby="rules">
      <h2 id="rules">{words.rules}</h2>
      <dl class="rules">
        {rules.map(([name, { value, from }]) => (
          <div key={name} data-own={from !== 'default' || undefined}>
            <dt>{copy.ruleNames[name] ?? shown(name)}</dt>
            <dd>
              {shown(ruleText(name, value), 200)}{' '}
              <span class="origin">{words.ruleFrom[from] ?? shown(from)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function History({ history, name }: { history: readonly HealthEvent[] | null; name: string }) {
  const [amount, setAmount] = useState(PAGE);
  if (history === null) return null;
  const newest = [...history].sort((a, b) => b.seq - a.seq);
  return (
    <section aria-labelledby="history">
      <h2 id="history">{words.history}</h2>
      {newest.length === 0 ? (
        <p class="empty-line">{words.noHistory}</p>
      ) : (
        <StoryList events={newest.slice(0, amount)} subject={name} days />
      )}
      {newest.length > amount && (
        <button type="button" class="button" onClick={() => setAmount(amount + PAGE)}>
          {words.older}
        </button>
      )}
      <RecordingButton />
    </section>
  );
}
