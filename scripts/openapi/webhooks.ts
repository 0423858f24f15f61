import { refTo, type Schema } from './schema.js';

const TEXT: Schema = { type: 'string' };

/** The headers of each webhook, for the components of the document. */
export const WEBHOOK_HEADERS = {
  'webhook-id': {
    in: 'header',
    name: 'webhook-id',
    required: true,
    description:
      'Names the message; the same on every retry, after a crash and on a replay: drop what you have already.',
    schema: TEXT,
  },
  'webhook-timestamp': {
    in: 'header',
    name: 'webhook-timestamp',
    required: true,
    description: 'Seconds since 1970, of this attempt.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  'webhook-signature': {
    in: 'header',
    name: 'webhook-signature',
    required: false,
    description:
      'Where the endpoint has a secret: `v1,` and HMAC-SHA256 in base64 over `{webhook-id}.{webhook-timestamp}.{body}` (Standard Webhooks); two of them, with a space, while a secret is rotated.',
    schema: { type: 'string', pattern: '^v1,\\S+( v1,\\S+)?$' },
  },
} as const;

/** One webhook a type of notification, as an endpoint of format `archipelago` gets it. */
export function webhooksOf(types: readonly string[]): Record<string, object> {
  return Object.fromEntries(types.map((type) => [type, { post: webhookOf(type) }]));
}

function webhookOf(type: string): object {
  return {
    summary: type === 'webhook.test' ? 'What a test sends.' : `A notification of the type \`${type}\`.`,
    operationId: `webhook_${type}`,
    tags: ['WebhookMessages'],
    security: [],
    parameters: Object.keys(WEBHOOK_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            allOf: [refTo('WebhookMessage'), { type: 'object', properties: { event: { const: type } } }],
          },
        },
      },
    },
    responses: {
      '2XX': { description: 'Delivered. What the body says is not read.' },
      '410': { description: 'Nobody wants it any more: the endpoint is switched off.' },
      default: { description: 'Not delivered: it is tried again, for 28 hours. `Retry-After` is honoured.' },
    },
  };
}
