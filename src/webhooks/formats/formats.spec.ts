import { describe, expect, it } from 'vitest';
import type { WebhookMessage } from '../delivery.js';
import { FORMATS } from './index.js';

const MESSAGE: WebhookMessage = {
  event: 'container.given_up',
  title: 'lnd was given up',
  message: 'Container restarted (3/3 attempts) and exited again with 1.',
  timestamp: '2026-01-01T00:00:00.000Z',
  node_id: 'node-1',
  details: { container: 'archy-lnd', app_id: 'lnd', exit_code: 1 },
};
const LONG = '&<>*_é💾'.repeat(2_000);
const HUGE: WebhookMessage = {
  ...MESSAGE,
  title: LONG,
  message: LONG,
  node_id: LONG,
  details: { container: LONG },
};
const BARE: WebhookMessage = { ...MESSAGE, message: '', details: {} };

/** No half of a surrogate pair is left over by cutting. */
const isWhole = (text: string): boolean => !/\p{Surrogate}/u.test(text);

describe('format archipelago', () => {
  it('sends the message as it is', () => {
    expect(FORMATS.archipelago(MESSAGE, 'error', 'https://a/b')).toEqual({
      url: 'https://a/b',
      body: MESSAGE,
    });
  });
});

describe('format slack', () => {
  interface Text {
    type: string;
    text: string;
  }
  interface Body {
    text: string;
    blocks: { type: string; text?: Text; elements?: Text[] }[];
  }
  const body = (message: WebhookMessage): Body =>
    FORMATS.slack(message, 'error', 'https://hooks.slack.com/x').body as Body;

  it('sends blocks, and text for what cannot show them', () => {
    expect(body(MESSAGE)).toEqual({
      text: 'lnd was given up\nContainer restarted (3/3 attempts) and exited again with 1.',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'lnd was given up', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'plain_text',
            text: 'Container restarted (3/3 attempts) and exited again with 1.',
            emoji: false,
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'plain_text',
              text: 'node-1 · container.given_up · 2026-01-01T00:00:00.000Z',
              emoji: false,
            },
          ],
        },
      ],
    });
  });

  it('keeps to the limits: 150 in a header, 3,000 in a section, 4,000 of text', () => {
    const { text, blocks } = body(HUGE);
    const [header, section, context] = blocks;
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(header?.text?.text.length).toBeLessThanOrEqual(150);
    expect(section?.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(context?.elements?.[0]?.text.length).toBeLessThanOrEqual(2_000);
    expect([text, header?.text?.text ?? '', section?.text?.text ?? ''].every(isWhole)).toBe(true);
  });

  it('lets nothing become a mention or a link, also where it is cut', () => {
    const sent = JSON.stringify(body({ ...HUGE, title: '<!channel> & <https://x|y>' }));
    expect(sent).toContain('&lt;!channel&gt; &amp; &lt;https://x|y&gt;');
    expect(sent).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  });

  it('sends no empty block', () => {
    expect(body(BARE).blocks.map(({ type }) => type)).toEqual(['header', 'context']);
  });
});

describe('format discord', () => {
  interface Embed {
    title: string;
    description?: string;
    color: number;
    timestamp: string;
    fields: { name: string; value: string; inline: boolean }[];
  }
  interface Body {
    embeds: Embed[];
    allowed_mentions: { parse: string[] };
  }
  const sent = (message: WebhookMessage): { url: string; body: Body } =>
    FORMATS.discord(message, 'error', 'https://discord.com/api/webhooks/1/token?thread_id=7') as {
      url: string;
      body: Body;
    };

  it('sends one embed, and asks to be told whether it was posted', () => {
    expect(sent(MESSAGE)).toEqual({
      url: 'https://discord.com/api/webhooks/1/token?thread_id=7&wait=true',
      body: {
        embeds: [
          {
            title: 'lnd was given up',
            description: 'Container restarted (3/3 attempts) and exited again with 1.',
            color: 0xc62828,
            timestamp: '2026-01-01T00:00:00.000Z',
            fields: [
              { name: 'Server', value: 'node-1', inline: true },
              { name: 'Container', value: 'archy-lnd', inline: true },
              { name: 'Event', value: 'container.given\\_up', inline: true },
            ],
          },
        ],
        allowed_mentions: { parse: [] },
      },
    });
  });

  it('keeps to the limits: 256, 4,096, 1,024 a field, 6,000 in all', () => {
    const [embed] = sent(HUGE).body.embeds;
    const texts = [
      embed!.title,
      embed!.description ?? '',
      ...embed!.fields.flatMap(({ name, value }) => [name, value]),
    ];
    expect(embed!.title.length).toBeLessThanOrEqual(256);
    expect(embed!.description?.length).toBeLessThanOrEqual(4_096);
    expect(
      embed!.fields.every(({ name, value }) => name.length <= 256 && value.length <= 1_024 && value !== ''),
    ).toBe(true);
    expect(texts.reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(6_000);
    expect(texts.every(isWhole)).toBe(true);
  });

  it('shows names as they are, not as Markdown', () => {
    const [embed] = sent({ ...MESSAGE, title: 'immich_postgres and immich_redis **x**' }).body.embeds;
    expect(embed?.title).toBe('immich\\_postgres and immich\\_redis \\*\\*x\\*\\*');
  });

  it('sends no empty description', () => {
    expect(sent(BARE).body.embeds[0]).not.toHaveProperty('description');
  });
});

describe('format ntfy', () => {
  it('publishes as JSON to the root of the server, with the topic of the URL', () => {
    expect(FORMATS.ntfy(MESSAGE, 'error', 'https://ntfy.example/alerts?auth=QmVhcmVy')).toEqual({
      url: 'https://ntfy.example/?auth=QmVhcmVy',
      body: {
        topic: 'alerts',
        title: 'lnd was given up (node-1)',
        message: 'Container restarted (3/3 attempts) and exited again with 1.',
        priority: 4,
        tags: ['rotating_light'],
      },
    });
    expect(FORMATS.ntfy(MESSAGE, 'info', 'https://example.com/ntfy/alerts/').url).toBe(
      'https://example.com/ntfy/',
    );
  });

  it('keeps its message under 4,096 bytes, so that it is no attachment', () => {
    const { title, message } = FORMATS.ntfy(HUGE, 'info', 'https://ntfy.sh/a').body as {
      title: string;
      message: string;
    };
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(title)).toBeLessThanOrEqual(250);
    expect([title, message].every(isWhole)).toBe(true);
  });

  it('sends no empty message, which ntfy shows as "triggered"', () => {
    expect(FORMATS.ntfy(BARE, 'info', 'https://ntfy.sh/a').body).toMatchObject({
      message: 'lnd was given up',
    });
  });
});
