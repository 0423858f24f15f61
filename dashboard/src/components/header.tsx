import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { clock } from '../state/clock.js';
import { connection, lost, observing, role, status, unread } from '../state/monitor.js';
import { openIncidents } from '../state/problem-state.js';
import { href, route } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { countdown } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { Icon } from './icon.js';
import { ServerPanel } from './server-panel.js';

export function Header() {
  const open = useSignal(false);
  const node = status.value?.nodeId;
  return (
    <header class="header">
      <div class="header-row">
        <a class="brand" href={href.overview()}>
          <b>{copy.app}</b>
          {node !== undefined && <bdi>{shown(node, 40)}</bdi>}
        </a>
        <Navigation />
        <div class="chips">
          <StartupChip />
          {observing.value && <span class="chip busy">{copy.mode.observe}</span>}
          {role.value === 'viewer' && connection.value.status !== 'connecting' && (
            <span class="chip">{copy.mode.viewer}</span>
          )}
          <ConnectionChip onPress={() => (open.value = true)} />
        </div>
      </div>
      {open.value && <ServerPanel onClose={() => (open.value = false)} />}
    </header>
  );
}

function Navigation() {
  const { page } = route.value;
  const is = (...pages: string[]) => (pages.includes(page) ? 'page' : undefined);
  const item = (
    to: string,
    current: 'page' | undefined,
    icon: Parameters<typeof Icon>[0]['name'],
    text: string,
    mark?: ComponentChildren,
  ) => (
    <li>
      <a href={to} aria-current={current}>
        <Icon name={icon} />
        <span>{text}</span>
        {mark}
      </a>
    </li>
  );
  return (
    <nav class="nav" aria-label={copy.nav.label}>
      <ul>
        {item(href.overview(), is('overview', 'container'), 'overview', copy.nav.overview)}
        {item(
          href.incidents,
          is('incidents', 'incident'),
          'incidents',
          copy.nav.incidents,
          <Count of={openIncidents.value.open} bad={openIncidents.value.wrong > 0} />,
        )}
        {item(
          href.notifications,
          is('notifications'),
          'notifications',
          copy.nav.notifications,
          <Count of={unread.value} />,
        )}
        {item(href.webhooks, is('webhooks'), 'webhooks', copy.nav.webhooks)}
      </ul>
    </nav>
  );
}

function Count({ of, bad = false }: { of: number; bad?: boolean }) {
  return of > 0 ? <span class={`count ${bad ? 'bad' : ''}`}>{of}</span> : null;
}

/** The first minutes: nothing is healed yet, and that is meant. */
function StartupChip() {
  // Where nothing is healed, nothing begins.
  const from = observing.value ? undefined : status.value?.healingFrom;
  const left = from === undefined ? 0 : Date.parse(from) - clock.value;
  return left > 0 ? <span class="chip busy">{copy.startupDelay(countdown(left))}</span> : null;
}

function ConnectionChip({ onPress }: { onPress: () => void }) {
  const state = lost.value ? 'lost' : connection.value.status === 'lost' ? 'live' : connection.value.status;
  return (
    <button type="button" class="chip connection" data-state={state} aria-haspopup="dialog" onClick={onPress}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="5" />
        {state === 'live' && <circle class="dot" cx="6" cy="6" r="2.5" />}
      </svg>
      {copy.connection[state]}
      <span class="hidden">. {copy.connection.details}</span>
    </button>
  );
}
