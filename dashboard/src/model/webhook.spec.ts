import { describe, expect, it } from 'vitest';
import { maskedUrl, webhookHealth, webhookSentence, type WebhookView } from './webhook.js';

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
  pending: 0,
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
    expect([webhook(), webhook(failing), webhook({ enabled: false })].map(webhookHealth)).toEqual([
      'healthy',
      'failing',
      'disabled',
    ]);
  });
});
