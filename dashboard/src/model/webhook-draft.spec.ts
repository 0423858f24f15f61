import { describe, expect, it } from 'vitest';
import type { WebhookView } from '../client.js';
import { draftOf, newWebhook, webhookChange, type WebhookDraft } from './webhook-draft.js';

const draft = (change: Partial<WebhookDraft> = {}): WebhookDraft => ({ ...draftOf(null), ...change });

describe('a webhook as it is typed in', () => {
  it('begins empty, or with the webhook as it is', () => {
    expect(draftOf(null)).toEqual({ id: '', url: '', format: 'archipelago', events: '' });
    const webhook = { id: 'ops', url: 'https://a.example', format: 'ntfy', events: ['a', 'b.*'] };
    expect(draftOf(webhook as unknown as WebhookView)).toEqual({ ...webhook, events: 'a, b.*' });
  });

  it('leaves out of a new one what the server makes up', () => {
    expect(newWebhook(draft({ id: ' ', url: ' https://a.example ' }))).toEqual({
      url: 'https://a.example',
      format: 'archipelago',
    });
    expect(newWebhook(draft({ id: ' home ', events: 'container.*' }))).toEqual({
      url: '',
      format: 'archipelago',
      id: 'home',
      events: ['container.*'],
    });
  });

  it('asks for all events again when their field was emptied, and never for another id', () => {
    expect(webhookChange(draft({ id: 'ops', format: 'slack' }))).toEqual({
      url: '',
      format: 'slack',
      events: null,
    });
  });

  it('takes patterns apart at commas and spaces, however many', () => {
    expect(webhookChange(draft({ events: ' a, b  c,' })).events).toEqual(['a', 'b', 'c']);
  });
});
