import type { NotificationLevel } from '../../common/events/index.js';
import { splitTopic } from '../../common/options/index.js';
import type { Format } from './format.js';
import { fit, utf8Bytes } from './text.js';

/** Beyond it, a message becomes an attachment. https://docs.ntfy.sh/publish/#limitations */
const MESSAGE_LIMIT_BYTES = 4_096;
const TITLE_LIMIT_BYTES = 250;

/** https://docs.ntfy.sh/publish/#message-priority: 3 is the default, 4 vibrates longer. */
const PRIORITIES: Readonly<Record<NotificationLevel, number>> = { info: 3, warning: 3, error: 4 };
/** https://docs.ntfy.sh/publish/#tags-emojis */
const TAGS: Readonly<Record<NotificationLevel, string>> = {
  info: 'white_check_mark',
  warning: 'warning',
  error: 'rotating_light',
};

/** ntfy, published as JSON: that goes to the server's root, and the URL's last part is the topic. */
export const ntfy: Format = ({ title, message, node_id }, level, url) => {
  const { server, topic } = splitTopic(url);
  return {
    url: server,
    body: {
      topic,
      title: fit(`${title} (${node_id})`, TITLE_LIMIT_BYTES, utf8Bytes),
      message: fit(message === '' ? title : message, MESSAGE_LIMIT_BYTES, utf8Bytes),
      priority: PRIORITIES[level],
      tags: [TAGS[level]],
    },
  };
};
