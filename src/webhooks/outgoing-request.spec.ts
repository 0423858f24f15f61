import { describe, expect, it } from 'vitest';
import type { Delivery } from './delivery.js';
import { currentHealth } from './endpoint-health.js';
import { FORMATS } from './formats/index.js';
import { requestFor } from './outgoing-request.js';
import type { WebhookFormat } from '../common/options/index.js';

const HALF = 'cut \ud83d here \udcbe';

describe('the body of a webhook', () => {
  it.each(Object.keys(FORMATS) as WebhookFormat[])(
    'in format %s has no half of a surrogate pair, which strict readers refuse',
    (format) => {
      const endpoint = { id: 'home', url: 'https://home.lan/hook', secret: null };
      const health = currentHealth(endpoint, undefined, 0);
      const delivery: Delivery = {
        id: 'a',
        messageId: 'msg_a',
        endpointId: 'home',
        status: 'pending',
        message: {
          event: 'container.given_up',
          title: HALF,
          message: `${HALF} 💾`,
          timestamp: '2026-01-01T00:00:00.000Z',
          node_id: HALF,
          details: { container: HALF, reason: HALF },
        },
        level: 'error',
        incidentId: null,
        createdAt: 0,
        nextAttemptAt: 0,
        attempts: [],
        endedBecause: null,
      };
      const { body } = requestFor(
        { ...endpoint, format, events: null, enabled: true, origin: 'api', health },
        delivery,
        0,
      );
      const text = body.toString('utf8');
      expect(text).toContain('cut \ufffd here \ufffd');
      expect(text).toContain('💾');
      expect(text).not.toMatch(/\\ud[89a-f]/i);
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
    },
  );
});
