import type { ExternalStatus, ExternalView } from '../client.js';
import { LOOKS } from '../model/externals.js';
import { externals } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';
import { ContainerName } from './container-name.js';
import { Shape } from './shape.js';

/** What is no container and containers need: it lies deeper than all of them. */
export function ExternalTiles() {
  const all = [...externals.value.values()];
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="outside">
      <h2 id="outside">{copy.externals.all(all.length)}</h2>
      <ul class="tile-list outside">
        {all.map((external) => (
          <li key={external.id}>
            <ExternalTile external={external} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExternalTile({ external: { id, name, status, progress } }: { external: ExternalView }) {
  const { shape, tone } = LOOKS[status];
  const share = status === 'up' ? null : (progress?.share ?? null);
  return (
    <a
      class="tile"
      href={href.external(id)}
      data-external={id}
      data-tone={tone}
      data-status={status}
      title={shown(name, 200)}
    >
      <Shape name={shape} />
      <ContainerName name={name} />
      <span class={status === 'up' ? 'hidden' : 'tile-word'}>
        {share === null ? copy.externals.status[status].toLowerCase() : copy.percent(share)}
      </span>
    </a>
  );
}

/** Names in a row, as links. */
export function ExternalLinks({ externals: all }: { externals: readonly ExternalView[] }) {
  return (
    <span class="names">
      {all.map(({ id, name }) => (
        <a key={id} class="quiet-link" href={href.external(id)}>
          <ContainerName name={name} />
        </a>
      ))}
    </span>
  );
}

export function ExternalBadge({ status, size = 20 }: { status: ExternalStatus; size?: number }) {
  const { shape, tone } = LOOKS[status];
  return (
    <span class="badge" data-tone={tone} data-status={status}>
      <Shape name={shape} size={size} />
      <b>{copy.externals.status[status]}</b>
    </span>
  );
}
