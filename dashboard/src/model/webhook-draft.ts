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

function patternsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((pattern) => pattern !== '');
}
