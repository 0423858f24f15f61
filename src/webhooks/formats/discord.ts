import type { NotificationLevel } from '../../common/events/index.js';
import type { Format } from './format.js';
import { fit } from './text.js';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits; 6,000 for all of it. */
const TITLE_LIMIT = 256;
const DESCRIPTION_LIMIT = 4_096;
const FIELD_LIMIT = 256;

const COLORS: Readonly<Record<NotificationLevel, number>> = {
  info: 0x2e7d32,
  warning: 0xf9a825,
  error: 0xc62828,
};

/** A Discord webhook: one embed, which mentions nobody. */
export const discord: Format = ({ event, title, message, timestamp, node_id, details }, level, url) => {
  const fields = [
    { name: 'Server', value: node_id },
    ...(details.container === undefined ? [] : [{ name: 'Container', value: details.container }]),
    { name: 'Event', value: event },
  ];
  return {
    url: confirmed(url),
    body: {
      embeds: [
        {
          title: escaped(title, TITLE_LIMIT),
          ...(message === '' ? {} : { description: escaped(message, DESCRIPTION_LIMIT) }),
          color: COLORS[level],
          timestamp,
          fields: fields.map(({ name, value }) => ({
            name,
            value: escaped(value, FIELD_LIMIT) || '-',
            inline: true,
          })),
        },
      ],
      allowed_mentions: { parse: [] },
    },
  };
};

/** Without `wait`, Discord answers 204 also for a message that it then does not post. */
function confirmed(text: string): string {
  const url = new URL(text);
  url.searchParams.set('wait', 'true');
  return url.href;
}

/** Names of containers are full of what Markdown takes for emphasis. */
function escaped(text: string, limit: number): string {
  return escape(fit(text, limit, (part) => escape(part).length));
}

function escape(text: string): string {
  return text.replace(/[\\*_~`|<>#[\]]/g, '\\$&');
}
