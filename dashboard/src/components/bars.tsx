import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { causeName, type Missed } from '../client.js';
import { lasted } from '../model/cause.js';
import { clock, wallClock } from '../state/clock.js';
import { TextWithCode } from './text-with-code.js';
import {
  connection,
  lost,
  missed,
  newerBuild,
  onlyReads,
  outage,
  reconnect,
  status,
} from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { ago, exactTime, time } from '../words/format.js';
import { shown } from '../words/safe-text.js';

/** What stands above everything because it changes how everything is to be read. */
export function Bars() {
  return (
    <>
      {lost.value && <LostBar />}
      {!lost.value && outage.value && <OutageBar />}
      {!lost.value && missed.value && <BackBar key={missed.value.since} missed={missed.value} />}
      <StoreBar />
      {newerBuild.value && (
        <div class="bar quiet">
          <p>{copy.newBuild}</p>
          <button type="button" class="button small" onClick={() => location.reload()}>
            {copy.reload}
          </button>
        </div>
      )}
    </>
  );
}

function LostBar() {
  // The sentence is announced once; the counting beside it is for the eyes.
  return (
    <div class="bar inverse">
      <p>
        <span role="alert">{copy.lost.text(exactTime(clock.value))}</span>{' '}
        <span aria-hidden="true">{copy.lost.past(ago(clock.value, wallClock.value))}</span>
      </p>
      <button type="button" class="button small" onClick={reconnect}>
        {copy.lost.reconnect}
      </button>
    </div>
  );
}

function OutageBar() {
  const engine = status.value?.engine;
  return (
    <div class="bar outage">
      <p role="alert">
        {copy.outage.text(engine?.since ? time(Date.parse(engine.since)) : null)}{' '}
        {engine?.problem && <TextWithCode text={engine.problem} limit={300} />}
      </p>
    </div>
  );
}

function StoreBar() {
  const { store, replica } = status.value ?? {};
  const reads = onlyReads.value;
  // Where there are no replicas, the reason says all of the problem.
  const problem = reads && !replica ? null : store?.problem;
  if (!problem && !reads) return null;
  return (
    <div class="bar quiet" role="status">
      <p>
        {problem && `${copy.degraded(shown(problem, 300))} `}
        {reads && shown(reads.reason, 300)}
      </p>
    </div>
  );
}

/** How long good news stays, milliseconds. */
const GOOD_NEWS_MS = 6_000;

function BackBar({ missed }: { missed: Missed }) {
  const gone = useSignal(connection.peek().since - missed.since < 2_000);
  const trouble = troubleIn(missed);
  const bad = !missed.complete || trouble !== '';
  useEffect(() => {
    if (bad) return;
    const timer = setTimeout(() => (gone.value = true), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [bad]);
  if (gone.value) return null;
  const what = !missed.complete
    ? copy.lost.tooMuch
    : missed.events.length === 0
      ? copy.lost.nothing
      : copy.lost.missed(missed.events.length, trouble);
  return (
    <div class="bar back" role="status">
      <p>{copy.lost.back(what)}</p>
      {bad && (
        <a class="button small" href={href.incidents}>
          {copy.lost.show}
        </a>
      )}
      <button type="button" class="button small" onClick={() => (gone.value = true)}>
        {copy.lost.dismiss}
      </button>
    </div>
  );
}

/** What went wrong meanwhile, in a sentence; empty when nothing did. */
function troubleIn({ events }: Missed): string {
  const opened = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'incident.opened' || event.type === 'incident.resolved') {
      const { incident } = event.data;
      const { cause, resolvedAt, kind } = incident;
      const name = shown(causeName(cause, 'the engine'));
      const ended = resolvedAt !== null && kind !== 'leak' && kind !== 'disk';
      opened.set(name, ended ? copy.lost.downFor(name, lasted(incident, 0)) : '');
    }
  }
  const [only] = opened;
  if (!only) return '';
  if (opened.size === 1 && only[1] !== '') return `${only[1]}.`;
  return `${copy.lost.opened([...opened.keys()])}.`;
}
