import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Bars } from './components/bars.js';
import { Header } from './components/header.js';
import { LiveRegion } from './components/live-region.js';
import { ServerPanel } from './components/server-panel.js';
import { ContainerPage } from './pages/container.js';
import { ExternalPage } from './pages/external.js';
import { IncidentPage } from './pages/incident.js';
import { IncidentsPage } from './pages/incidents.js';
import { LoadingPage } from './pages/loading.js';
import { NotificationsPage } from './pages/notifications.js';
import { OverviewPage } from './pages/overview.js';
import { AccessPage, SwitchedOffPage } from './pages/unavailable.js';
import { WebhooksPage } from './pages/webhooks.js';
import { startKeyboard } from './state/keyboard.js';
import { config, connection, loaded, lost } from './state/monitor.js';
import { route } from './state/router.js';
import * as copy from './words/copy/index.js';

export function App() {
  const help = useSignal(false);
  useEffect(() => startKeyboard(() => (help.value = true)), []);
  useSignalEffect(() => {
    document.documentElement.dataset.connection = lost.value ? 'lost' : 'live';
  });
  if (config.namespace === null) return <SwitchedOffPage />;
  if (connection.value.status === 'refused') return <AccessPage />;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('main h1')?.focus();
        }}
      >
        {copy.skip}
      </a>
      <Header />
      {loaded.value && <Bars />}
      {loaded.value ? <CurrentPage /> : <LoadingPage />}
      <LiveRegion />
      {help.value && <ServerPanel onClose={() => (help.value = false)} />}
    </>
  );
}

function CurrentPage() {
  const current = route.value;
  switch (current.page) {
    case 'overview':
      return <OverviewPage filter={current} />;
    case 'incidents':
      return <IncidentsPage />;
    case 'incident':
      return <IncidentPage key={current.id} id={current.id} />;
    case 'container':
      return <ContainerPage key={current.name} name={current.name} />;
    case 'external':
      return <ExternalPage key={current.id} id={current.id} />;
    case 'notifications':
      return <NotificationsPage />;
    case 'webhooks':
      return <WebhooksPage />;
  }
}
