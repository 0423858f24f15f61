import { useState } from 'preact/hooks';
import type { Incident } from '../client.js';
import { Empty } from '../components/empty.js';
import { useStableList } from '../components/use-stable-list.js';
import { Page } from '../components/page.js';
import { Shape, type ShapeName } from '../components/shape.js';
import { causeSentence, endedBy, lasted } from '../model/cause.js';
import { standingNow } from '../model/standing-now.js';
import { waitsOf } from '../model/waits.js';
import { causes } from '../state/causes.js';
import { clock } from '../state/clock.js';
import { incidents, isUnseen, views } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { day, fullTime, time } from '../words/format.js';

const PAGE = 50;

export function IncidentsPage() {
  const [amount, setAmount] = useState(PAGE);
  const all = [...incidents.value.values()].sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt));
  const [stable, handlers] = useStableList(all);
  const open = stable.filter(({ status }) => status === 'open');
  const resolved = stable.filter(({ status }) => status === 'resolved');
  const days = byDay(resolved.slice(0, amount), clock.value);
  return (
    <Page id="incidents" name={copy.incidents.title} heading={copy.incidents.title}>
      {all.length === 0 && <Empty title={copy.incidents.none} text={copy.incidents.noneDetail} />}
      <div {...handlers}>
        {open.length > 0 && <Group title={copy.incidents.open} list={open} />}
        {days.map(([title, list]) => (
          <Group key={title} title={title} list={list} />
        ))}
      </div>
      {resolved.length > amount && (
        <button type="button" class="button" onClick={() => setAmount(amount + PAGE)}>
          {copy.incidents.older}
        </button>
      )}
    </Page>
  );
}

/** While the list is in use a row keeps its place; what it says is always the latest. */
function Group({ title, list }: { title: string; list: readonly Incident[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul class="rows">
        {list.map((incident) => (
          <li key={incident.id}>
            <Row incident={incidents.value.get(incident.id) ?? incident} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const MARKS: Record<Incident['kind'], ShapeName> = {
  down: 'down',
  unhealthy: 'unhealthy',
  flapping: 'unhealthy',
  'crash-loop': 'restarting',
  leak: 'leak',
  unreadable: 'unknown',
  'refused-starts': 'unknown',
  external: 'down',
  engine: 'unknown',
  disk: 'unhealthy',
  'disk-full': 'down',
  'disk-read-only': 'down',
  'memory-pressure': 'down',
  clock: 'down',
};
const TONE: Record<Incident['kind'], string> = {
  down: 'bad',
  unhealthy: 'warn',
  flapping: 'warn',
  'crash-loop': 'bad',
  leak: 'warn',
  unreadable: 'bad',
  'refused-starts': 'bad',
  external: 'bad',
  engine: 'bad',
  disk: 'warn',
  'disk-full': 'bad',
  'disk-read-only': 'bad',
  'memory-pressure': 'bad',
  clock: 'bad',
};

/** Its mark, its colour, and in words how it stands: as on its own page. */
function standingWords(incident: Incident): [ShapeName, string, string] {
  const standing = standingNow(incident, causes.value, isUnseen(incident));
  switch (standing) {
    case 'over':
      return [MARKS[incident.kind], 'good', endedBy(incident)];
    case 'up-again':
      return ['healthy', 'good', copy.incident.standing[standing]];
    case 'wrong':
    case 'soon':
      return [MARKS[incident.kind], TONE[incident.kind], copy.incident.standing[standing]];
  }
}

function Row({ incident }: { incident: Incident }) {
  const open = incident.status === 'open';
  const at = Date.parse(incident.openedAt);
  const view = views.value.get(incident.cause.container ?? '') ?? null;
  const [mark, tone, end] = standingWords(incident);
  const ms = lasted(incident, clock.value);
  const meta = [
    open ? copy.incidents.soFar(ms) : copy.incidents.lasted(ms),
    copy.incidents.victims(waitsOf(incident).length),
  ];
  return (
    <a class="row" href={href.incident(incident.id)}>
      <span class="row-mark" data-tone={open ? tone : 'rest'}>
        <Shape name={mark} />
      </span>
      <span class="row-main">
        <span class="row-title">
          {causeSentence(incident, view, causes.value.isUp(incident.cause.external ?? ''))}
        </span>
        <span class="row-meta">
          <time dateTime={incident.openedAt} title={fullTime(at)}>
            {open ? `${day(at, clock.value)}, ${time(at)}` : time(at)}
          </time>
          {incident.reopenedAt && <span>{copy.incidents.again(time(Date.parse(incident.reopenedAt)))}</span>}
          {meta.filter(Boolean).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </span>
      </span>
      <span class="row-end" data-tone={tone}>
        {end}
      </span>
    </a>
  );
}

function byDay(list: readonly Incident[], now: number): [string, Incident[]][] {
  const days = new Map<string, Incident[]>();
  for (const incident of list) {
    const title = day(Date.parse(incident.openedAt), now);
    days.set(title, [...(days.get(title) ?? []), incident]);
  }
  return [...days];
}
