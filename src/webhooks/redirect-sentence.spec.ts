import { describe, expect, it } from 'vitest';
import { redirectSentence } from './redirect-sentence.js';

const SENT_TO = 'http://home.lan/services/T0SECRET1/B0?auth=QmVhcmVy';

describe('a redirect', () => {
  it('to the same path elsewhere says which beginning to write', () => {
    expect(redirectSentence(301, 'https://home.lan/services/T0SECRET1/B0?auth=QmVhcmVy', SENT_TO)).toBe(
      'It answered 301: it has moved. Write https://home.lan in place of http://home.lan in its address.',
    );
  });

  it.each([
    ['/services/T0SECRET1/B0/', 'http://home.lan/…/…/B0/'],
    ['https://new.lan/v2/T0SECRET1/B0?auth=QmVhcmVy', 'https://new.lan/v2/…/B0?…'],
    ['/login?next=%2Fservices%2FT0SECRET1', 'http://home.lan/login?…'],
    ['https://user:hunter2@new.lan/x#T0SECRET1', 'https://new.lan/x'],
  ])('to %s is shown without secrets: %s', (location, shown) => {
    const sentence = redirectSentence(308, location, SENT_TO);
    expect(sentence).toBe(
      `It answered 308: it points to ${shown}, and redirects are not followed. Write that for its address; … stands for what is not shown here.`,
    );
  });

  it('to an address without end is cut', () => {
    expect(redirectSentence(301, `https://new.lan/${'x'.repeat(5_000)}`, SENT_TO)!.length).toBeLessThan(400);
  });

  it.each([
    [301, undefined],
    [301, 'https://['],
    [301, 'javascript:alert(1)'],
    [304, 'https://new.lan/'],
    [500, 'https://new.lan/'],
  ])('of %i to %s says nothing', (status, location) => {
    expect(redirectSentence(status, location, SENT_TO)).toBeNull();
  });
});
