import type { NewWebhook, WebhookChange, WebhookView } from '../client.js';

/** A webhook as a person types it in. */
export interface WebhookDraft {
  /** Empty: the server makes one up. Of a webhook that is there, it cannot be changed. */
  readonly id: string;
  readonly url: string;
  readonly format: WebhookView['format'];
  /** Patterns with commas or spaces between them; empty for everything. */
  readonly events: string;
}

const EMPTY: WebhookDraft = { id: '', url: '', format: 'archipelago', events: '' };

export type EventChoice = 'needsMe' | 'containers' | 'externals' | 'memory' | 'engine' | 'host' | 'monitor';

/** The patterns that each tick box stands for. */
export const EVENT_CHOICES: Readonly<Record<EventChoice, readonly string[]>> = {
  needsMe: [
    'container.given_up',
    'container.unhealthy',
    'container.stuck',
    'container.crash_loop',
    'container.flapping',
    'container.intent_unknown',
    'container.unreadable',
    'container.recovered',
    'memory.leak_urgent',
    'external.*',
    'engine.*',
    'host.*',
    'monitor.*',
    'store.*',
    'webhook.*',
  ],
  containers: ['container.*'],
  externals: ['external.*'],
  memory: ['memory.*'],
  engine: ['engine.*'],
  host: ['host.*'],
  monitor: ['monitor.*', 'store.*', 'webhook.*'],
};

/** Whether all that a choice stands for is among the patterns. */
export function isChosen(events: string, choice: EventChoice): boolean {
  const patterns = patternsIn(events);
  return EVENT_CHOICES[choice].every((pattern) => patterns.includes(pattern));
}

/** The patterns with those of a choice, or without them where it was chosen; what others wrote stays. */
export function toggleChoice(events: string, choice: EventChoice): string {
  const own = EVENT_CHOICES[choice];
  const others = patternsIn(events).filter((pattern) => !own.includes(pattern));
  return (isChosen(events, choice) ? others : [...others, ...own]).join(', ');
}

/** What the form begins with. */
export function draftOf(webhook: WebhookView | null): WebhookDraft {
  if (!webhook) return EMPTY;
  const { id, url, format, events } = webhook;
  return { id, url, format, events: (events ?? []).join(', ') };
}

export function newWebhook({ id, url, format, events }: WebhookDraft): NewWebhook {
  const name = id.trim();
  const patterns = patternsIn(events);
  return {
    url: url.trim(),
    format,
    ...(name !== '' && { id: name }),
    ...(patterns.length > 0 && { events: patterns }),
  };
}

export function webhookChange({ url, format, events }: WebhookDraft): WebhookChange {
  const patterns = patternsIn(events);
  return { url: url.trim(), format, events: patterns.length > 0 ? patterns : null };
}

/** Whether what the server says against it is about its address. */
export const isAboutAddress = (refusal: string): boolean => /(^|; )url[: ]/.test(refusal);

function patternsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((pattern) => pattern !== '');
}
