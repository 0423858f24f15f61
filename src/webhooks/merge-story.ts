import { attemptsSpent, type Delivery, type MergedMessage, type WebhookMessage } from './delivery.js';
import { mergedDelivery, type Circumstances } from './new-delivery.js';

const ENDINGS: ReadonlySet<string> = new Set([
  'container.recovered',
  'memory.leak_cleared',
  'engine.reachable',
]);

/**
 * All that waits to be sent about the incident of `delivery`, oldest first, when it is better sent as one message: the
 * incident has ended meanwhile, or some of it was tried in vain. `null` when there is nothing to merge.
 */
export function heldUpStory(delivery: Delivery, pending: Iterable<Delivery>): Delivery[] | null {
  const story = storyOf(delivery.incidentId, pending);
  if (story.length < 2) return null;
  const hasEnded = ENDINGS.has(story.at(-1)?.message.event ?? '');
  const wasTried = story.some((part) => attemptsSpent(part) > 0);
  return hasEnded || wasTried ? story : null;
}

function storyOf(incidentId: string | null, pending: Iterable<Delivery>): Delivery[] {
  if (incidentId === null) return [];
  const story: Delivery[] = [];
  for (const delivery of pending) if (delivery.incidentId === incidentId) story.push(delivery);
  return story.sort((one, other) => one.message.timestamp.localeCompare(other.message.timestamp));
}

/**
 * One delivery instead of a whole story: its latest part, with what came before. It is a new message, with an id of its
 * own.
 *
 * @throws RangeError when the story is empty
 */
export function mergeStory(story: readonly Delivery[], circumstances: Circumstances): Delivery {
  const latest = story.at(-1);
  if (!latest) throw new RangeError('There is nothing to merge.');
  const merged = story.flatMap(({ message }) => message.details.merged ?? [asMerged(message)]);
  return mergedDelivery(
    latest,
    {
      ...latest.message,
      message: ['This could not be told earlier.', ...merged.map(asLine)].join('\n'),
      details: { ...latest.message.details, merged },
    },
    circumstances,
  );
}

function asMerged({ event, title, message, timestamp }: WebhookMessage): MergedMessage {
  return { event, title, message, timestamp };
}

function asLine({ title, message, timestamp }: MergedMessage): string {
  const at = timestamp.slice(0, 16).replace('T', ' ');
  return `${at} UTC: ${title}${message === '' ? '' : `. ${message}`}`;
}
