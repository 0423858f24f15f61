import { describe, expect, it } from 'vitest';
import type { DeliveryView, WebhookView } from '../client.js';
import * as copy from '../words/copy/index.js';
import { answerText, maskedUrl, nextText, webhookHealth, webhookSentence } from './webhook.js';

const NOW = new Date(2026, 0, 15, 12, 0, 0).getTime();
const webhook = (change: Partial<WebhookView> = {}): WebhookView => ({
  id: 'home',
  url: 'https://ntfy.example/alerts',
  format: 'ntfy',
  events: null,
  origin: 'api',
  enabled: true,
  disabled: null,
  signed: true,
  rotatingUntil: null,
  failingSince: null,
  lastDeliveredAt: null,
  testFailedAt: null,
  pending: 0,
  ...change,
});

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const attempt = (minutes: number, status: number | null, error: string | null) => ({
  at: at(minutes),
  status,
  error,
  durationMs: 88,
});
const delivery = (change: Partial<DeliveryView> = {}): DeliveryView => ({
  id: 'delivery-1',
  messageId: 'msg_1',
  endpointId: 'home',
  status: 'pending',
  event: 'container.given_up',
  title: '',
  message: '',
  createdAt: at(-60),
  nextAttemptAt: null,
  attempts: [],
  endedBecause: null,
  ...change,
});

describe('webhook', () => {
  it('masks whatever may be secret in an address', () => {
    expect(maskedUrl('https://hooks.example/services/T0/B0/x')).toBe('https://hooks.example/…');
    expect(maskedUrl('https://hooks.example?token=x')).toBe('https://hooks.example/…');
    expect(maskedUrl('https://hooks.example')).toBe('https://hooks.example');
    expect(maskedUrl('https://user:secret@hooks.example/x')).not.toContain('secret');
    expect(maskedUrl('javascript:alert(1)')).toBe('…');
  });

  it('says how it does', () => {
    const failing = { failingSince: new Date(NOW - 2 * 3_600_000).toISOString(), pending: 3 };
    expect(webhookSentence(webhook(), NOW)).toBe('Nothing delivered yet.');
    expect(webhookSentence(webhook(failing), NOW)).toBe('Failing since 10:00. 3 messages queued.');
    expect(webhookSentence(webhook({ disabled: { reason: 'It failed for 5 days.', at: '' } }), NOW)).toBe(
      'Switched off: It failed for 5 days.',
    );
    const queue = [
      delivery({ nextAttemptAt: at(90), attempts: [attempt(-50, null, 'Its name is not known.')] }),
      delivery({
        nextAttemptAt: at(30),
        attempts: [attempt(-90, 500, 'It answered 500'), attempt(-5, 400, 'It answered 400: no such chat')],
      }),
      delivery({ nextAttemptAt: at(-1) }),
    ];
    expect(webhookSentence(webhook(failing), NOW, queue)).toBe(
      'Failing since 10:00. It answered 400: no such chat. Attempt 3 follows at 12:30. 3 messages queued.',
    );
    expect([webhook(), webhook(failing), webhook({ enabled: false })].map(webhookHealth)).toEqual([
      'healthy',
      'failing',
      'disabled',
    ]);
  });

  it('is not well after a test that failed, until something gets through', () => {
    const tested = webhook({ lastDeliveredAt: at(-60), testFailedAt: at(-5) });
    expect(webhookHealth(tested)).toBe('failing');
    expect(webhookSentence(tested, NOW)).toBe(
      'Its latest test failed (11:55); nothing has got through since.',
    );
  });

  it('says what became of a delivery, in the receiver’s words where it refused', () => {
    const refused = [attempt(-9, 502, 'It answered 502'), attempt(-1, 400, 'It answered 400: no such chat')];
    const texts = (change: Partial<DeliveryView>) => [
      answerText(delivery(change)),
      nextText(delivery(change)),
    ];
    expect(texts({ status: 'delivered', attempts: [attempt(-1, 204, null)] })).toEqual([
      '204 in 88 ms',
      'delivered',
    ]);
    expect(texts({ attempts: refused, nextAttemptAt: at(5) })).toEqual([
      'It answered 400: no such chat',
      '12:05:00',
    ]);
    expect(texts({ status: 'failed', attempts: refused, endedBecause: 'All attempts failed.' })).toEqual([
      'It answered 400: no such chat',
      'All attempts failed.',
    ]);
    expect(texts({ status: 'failed', endedBecause: 'Its endpoint was switched off.' })).toEqual([
      'not tried',
      'Its endpoint was switched off.',
    ]);
    expect(texts({ status: 'merged' })).toEqual(['not tried', 'merged into a later one']);
    expect(texts({ nextAttemptAt: at(5) })).toEqual(['not tried', '12:05:00']);
  });

  it('calls none signed by its format', () => {
    expect(Object.values(copy.webhooks.formats).join()).not.toMatch(/signed/);
  });
});
