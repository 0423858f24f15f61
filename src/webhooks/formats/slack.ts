import type { Format } from './format.js';
import { fit } from './text.js';

/** https://docs.slack.dev/reference/block-kit/blocks */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3_000;
const CONTEXT_LIMIT = 2_000;
/** https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const TEXT_LIMIT = 4_000;

/** A Slack incoming webhook: blocks, and `text` for what cannot show them. */
export const slack: Format = ({ event, title, message, timestamp, node_id }, _level, url) => ({
  url,
  body: {
    text: escaped(message === '' ? title : `${title}\n${message}`, TEXT_LIMIT),
    blocks: [
      { type: 'header', text: plain(title, HEADER_LIMIT) },
      ...(message === '' ? [] : [{ type: 'section', text: plain(message, SECTION_LIMIT) }]),
      { type: 'context', elements: [plain(`${node_id} · ${event} · ${timestamp}`, CONTEXT_LIMIT)] },
    ],
  },
});

function plain(text: string, limit: number): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text: escaped(text, limit), emoji: false };
}

/** `&`, `<` and `>` begin mentions and links. https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string, limit: number): string {
  return escape(fit(text, limit, (part) => escape(part).length));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
