import { ContainerLinks, ContainerName } from '../components/container-name.js';
import { Empty } from '../components/empty.js';
import { ExternalBadge } from '../components/external-tiles.js';
import { Fact } from '../components/fact.js';
import { Icon } from '../components/icon.js';
import { Page } from '../components/page.js';
import { neededBy } from '../model/externals.js';
import { clock } from '../state/clock.js';
import { externals, incidents, loaded, views } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { duration } from '../words/format.js';
import { shown } from '../words/safe-text.js';

const words = copy.externals;

/** Something that is no container: how it is, who needs it, and its open incident. */
export function ExternalPage({ id }: { id: string }) {
  const external = externals.value.get(id);
  const back = (
    <div class="crumbs">
      <a class="back" href={href.overview()}>
        <Icon name="back" size={16} /> {words.back}
      </a>
    </div>
  );
  if (!external) {
    const missing = words.missing(shown(id));
    return (
      <Page id={`external ${id}`} name={shown(id)} heading={missing} before={back}>
        {loaded.value && <Empty title={missing} text={words.missingDetail} />}
      </Page>
    );
  }
  const { name, status, sentence, since, asked } = external;
  const needing = neededBy(id, views.value);
  const open = [...incidents.value.values()].find(
    (incident) => incident.cause.external === id && incident.status === 'open',
  );
  return (
    <Page
      id={`external ${id}`}
      name={shown(name)}
      heading={<ContainerName name={name} whole />}
      before={back}
      under={
        <>
          <div class="status-line" data-status={status}>
            <ExternalBadge status={status} size={24} />
            {since !== null && <span>{copy.statusFor(duration(clock.value - Date.parse(since)))}</span>}
          </div>
          <p class="decision">{shown(sentence, 400)}</p>
        </>
      }
    >
      {open && (
        <p>
          <a class="more" href={href.incident(open.id)}>
            {copy.container.incidentLink}
          </a>
        </p>
      )}
      <section class="card" aria-label={words.about}>
        <dl class="facts">
          <Fact label={words.asked}>
            <code>{shown(asked, 200)}</code>
          </Fact>
          <Fact label={words.id}>
            <code>{shown(id)}</code>
          </Fact>
          <Fact label={copy.container.neededBy}>
            {needing.length > 0 ? <ContainerLinks names={needing} limit={20} /> : copy.container.nothing}
          </Fact>
        </dl>
      </section>
    </Page>
  );
}
