import { useState } from 'preact/hooks';
import type { Notification } from '../client.js';
import { ActionButton, ActionError } from '../components/action-button.js';
import { ChoiceBar } from '../components/choice-bar.js';
import { Empty } from '../components/empty.js';
import { useStableList } from '../components/use-stable-list.js';
import { Page } from '../components/page.js';
import { Shape, type ShapeName } from '../components/shape.js';
import { Ago } from '../components/time.js';
import { perform } from '../state/actions.js';
import { call } from '../state/api.js';
import { containers, mayAct, notifications, unread } from '../state/monitor.js';
import { href } from '../state/router.js';
import * as copy from '../words/copy/index.js';
import { shown } from '../words/safe-text.js';

const words = copy.notifications;
const MARKS: Record<Notification['level'], readonly [ShapeName, string]> = {
  error: ['down', 'bad'],
  warning: ['unhealthy', 'warn'],
  info: ['healthy', 'good'],
};
type Filter = 'all' | 'error' | 'warning';
const ALL = 'all notifications';

export function NotificationsPage() {
  const [filter, setFilter] = useState<Filter>('all');
  const all = [...notifications.value.values()]
    .filter(({ level }) => filter === 'all' || level === filter)
    .sort((a, b) => Number(a.read) - Number(b.read) || Date.parse(b.timestamp) - Date.parse(a.timestamp));
  const [order, handlers] = useStableList(
    all.map(({ id }) => id),
    filter,
  );
  const list = order.map((id) => notifications.value.get(id)).filter((one) => one !== undefined);
  const readAll = () => void perform(ALL, 'read', () => call('POST', 'notifications/read'));
  return (
    <Page
      id="notifications"
      name={copy.nav.notifications}
      heading={words.title(unread.value)}
      beside={
        <div class="filters">
          {mayAct.value && unread.value > 0 && (
            <ActionButton
              subject={ALL}
              action="read"
              label={words.markAll}
              busy={words.readBusy}
              onPress={readAll}
            />
          )}
          <ChoiceBar<Filter>
            label={words.filter}
            choices={words.filters}
            chosen={filter}
            onChoose={setFilter}
          />
        </div>
      }
    >
      <ActionError subject={ALL} />
      {list.length === 0 &&
        (filter === 'all' ? (
          <Empty title={words.none} text={words.noneDetail} />
        ) : (
          <Empty title={words.noneFiltered} />
        ))}
      <ul class="rows notification-rows" {...handlers}>
        {list.map((notification) => (
          <li key={notification.id}>
            <Row notification={notification} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function Row({ notification }: { notification: Notification }) {
  const { id, level, title, message, timestamp, read, incidentId, appId } = notification;
  const [mark, tone] = MARKS[level] ?? MARKS.info;
  const subject = `notification ${id}`;
  const path = `notifications/${encodeURIComponent(id)}`;
  const container = [...containers.value.values()].find((view) => view.peek().appId === appId)?.peek().name;
  const target =
    incidentId !== undefined ? href.incident(incidentId) : container && href.container(container);
  return (
    <div class="row notification" data-read={read || undefined}>
      <span class="row-mark" data-tone={read ? 'rest' : tone}>
        <Shape name={mark} />
        <span class="hidden">{words.levels[level]}</span>
      </span>
      <div class="row-main">
        <h2 class="row-title">
          {target ? <a href={target}>{shown(title, 200)}</a> : shown(title, 200)}
          {!read && <span class="hidden">, {words.unreadMark}</span>}
        </h2>
        <p class="row-text">{shown(message, 600)}</p>
        <p class="row-meta">
          <Ago at={timestamp} />
          {target && <a href={target}>{incidentId !== undefined ? words.incident : words.container}</a>}
        </p>
        <ActionError subject={subject} />
      </div>
      {mayAct.value && (
        <div class="actions">
          {!read && (
            <ActionButton
              subject={subject}
              action="read"
              label={words.read}
              busy={words.readBusy}
              title={`${words.read}: ${shown(title)}`}
              onPress={() => void perform(subject, 'read', () => call('POST', `${path}/read`))}
            />
          )}
          <ActionButton
            subject={subject}
            action="dismiss"
            label={words.dismiss}
            busy={words.dismissBusy}
            title={`${words.dismiss}: ${shown(title)}`}
            onPress={() => void perform(subject, 'dismiss', () => call('DELETE', path))}
          />
        </div>
      )}
    </div>
  );
}
