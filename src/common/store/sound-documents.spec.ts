import { expect, it } from 'vitest';
import type { Notification } from '../events/index.js';
import type { Entry } from './health-store.js';
import { soundDocuments } from './sound-documents.js';

it('gives the documents that can be read, and names the others by key', () => {
  const entries = [
    ['a', { id: 'a' }],
    ['b', 7],
    ['c', { id: 'c' }],
  ] as unknown as readonly Entry<'notification'>[];
  const read = (document: unknown) => (document === 7 ? null : (document as Notification));
  const problems: string[] = [];
  const sound = soundDocuments('notification', entries, read, (problem) => problems.push(problem));
  expect(sound).toEqual([{ id: 'a' }, { id: 'c' }]);
  expect(problems).toEqual([
    'The database holds a document of "notification" (b) that cannot be read; it is left out.',
  ]);
});
