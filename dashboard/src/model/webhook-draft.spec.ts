import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOTIFICATION_TYPES } from '../../../src/common/events/index.js';
import type { WebhookView } from '../client.js';
import {
  EVENT_CHOICES,
  draftOf,
  isAboutAddress,
  isChosen,
  newWebhook,
  toggleChoice,
  webhookChange,
  type WebhookDraft,
} from './webhook-draft.js';

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

  it('ticks what its patterns cover, and keeps those that no tick box stands for', () => {
    const ticked = toggleChoice('container.given_up, acme.*', 'memory');
    expect(ticked).toBe('container.given_up, acme.*, memory.*');
    expect([isChosen(ticked, 'memory'), isChosen(ticked, 'containers')]).toEqual([true, false]);
    expect(toggleChoice(ticked, 'memory')).toBe('container.given_up, acme.*');
    expect(isChosen(toggleChoice('engine.*', 'needsMe'), 'needsMe')).toBe(true);
    expect(toggleChoice(EVENT_CHOICES.needsMe.join(' '), 'needsMe')).toBe('');
  });

  it('offers no pattern that nothing is sent for, and between them everything', () => {
    const matches = (pattern: string) =>
      NOTIFICATION_TYPES.filter((type) => type === pattern || type.startsWith(pattern.replace(/\*$/, '')));
    const { needsMe, ...groups } = EVENT_CHOICES;
    for (const pattern of needsMe) expect(matches(pattern), pattern).not.toEqual([]);
    expect(new Set(Object.values(groups).flat().flatMap(matches))).toEqual(new Set(NOTIFICATION_TYPES));
  });

  it('means by what needs somebody what the recipe for a phone means', () => {
    const recipe = readFileSync(new URL('../../../docs/recipes.md', import.meta.url), 'utf8');
    const printed = /events: \[([^\]]+)\]/.exec(recipe)?.[1]?.match(/[a-z_]+\.[a-z_*]+/g);
    expect(printed).toEqual(EVENT_CHOICES.needsMe);
  });

  it.each([
    ['url: It is on this machine.', true],
    ['id must be 1 to 64 letters; url must be a string', true],
    ['There is a webhook home already.', false],
    ['each value in events must be a type', false],
  ])('takes %j to be about its address: %s', (refusal, isAbout) => {
    expect(isAboutAddress(refusal)).toBe(isAbout);
  });
});
