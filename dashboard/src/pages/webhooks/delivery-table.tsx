import type { DeliveryView } from '../../client.js';
import { ActionButton, ActionError } from '../../components/action-button.js';
import { Ago } from '../../components/time.js';
import { answerText, nextText } from '../../model/webhook.js';
import { perform } from '../../state/actions.js';
import { mayAct } from '../../state/monitor.js';
import { replayDelivery } from '../../state/webhook-api.js';
import * as copy from '../../words/copy/index.js';
import { shown } from '../../words/safe-text.js';
import type { DeliveryList } from './use-deliveries.js';

const words = copy.webhooks;

interface DeliveryTableProps extends DeliveryList {
  readonly webhookId: string;
  /** Called after one of them was sent once more. */
  readonly onReplay: () => void;
}

export function DeliveryTable({ webhookId, list, error, onReplay }: DeliveryTableProps) {
  if (error !== null) return <p class="action-error">{copy.actions.failed(shown(error, 300))}</p>;
  if (list === null) return <div class="outline block" />;
  if (list.length === 0) return <p class="empty-line">{words.noDeliveries}</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words.deliveriesOf(shown(webhookId))}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.table.when}</th>
            <th scope="col">{words.table.event}</th>
            <th scope="col">{words.table.answer}</th>
            <th scope="col">{words.table.next}</th>
            {mayAct.value && (
              <th scope="col">
                <span class="hidden">{words.table.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {list.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} onReplay={onReplay} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ delivery, onReplay }: { delivery: DeliveryView; onReplay: () => void }) {
  return (
    <tr>
      <td>
        <Ago at={delivery.createdAt} />
      </td>
      <td>
        <code>{shown(delivery.event)}</code>
      </td>
      <td>{answerText(delivery)}</td>
      <td>{nextText(delivery)}</td>
      {mayAct.value && (
        <td>
          <ReplayButton delivery={delivery} onReplay={onReplay} />
        </td>
      )}
    </tr>
  );
}

function ReplayButton({ delivery, onReplay }: { delivery: DeliveryView; onReplay: () => void }) {
  const { id, event, status } = delivery;
  const subject = `delivery ${id}`;
  const [label, busy] =
    status === 'pending' ? [words.tryNow, words.tryNowBusy] : [words.replay, words.replayBusy];
  const replay = () =>
    void perform(subject, 'replay', async () => {
      await replayDelivery(id);
      onReplay();
    });
  return (
    <>
      <ActionButton
        subject={subject}
        action="replay"
        label={label}
        busy={busy}
        title={`${label} ${shown(event)}`}
        onPress={replay}
      />
      <ActionError subject={subject} />
    </>
  );
}
