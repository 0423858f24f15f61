import { expect, it } from 'vitest';
import { hasTopic } from './ntfy-topic.js';

it.each([
  ['https://ntfy.sh/my_topic-1', true],
  ['https://ntfy.sh/', false],
  ['https://ntfy.sh', false],
  ['https://ntfy.sh/a.b', false],
  [`https://ntfy.sh/${'x'.repeat(65)}`, false],
])('whether %s has a topic: %s', (url, has) => {
  expect(hasTopic(url)).toBe(has);
});
