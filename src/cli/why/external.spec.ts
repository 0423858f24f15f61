import { describe, expect, it } from 'vitest';
import type { ContainerView, ExternalView } from '../../common/events/index.js';
import { externalLines } from './external.js';

const NAS: ExternalView = {
  id: 'nas',
  name: 'The NAS',
  asked: 'tcp 192.168.1.5:2049',
  status: 'up',
  sentence: 'It takes connections.',
  since: null,
  progress: null,
};

const view = (host: string | undefined, name: string, ...dependsOn: string[]) =>
  ({ ...(host !== undefined && { host }), name, appId: name, dependsOn }) as unknown as ContainerView;

const neededBy = (...containers: ContainerView[]) =>
  externalLines(NAS, containers, [], 0, (text) => text).find((line) => line.includes('needed by'));

describe('who needs an external', () => {
  it('is named with its host where that is another one', () => {
    expect(neededBy(view(undefined, 'wiki', 'nas'), view('attic', 'photos', 'nas'))).toMatch(
      /wiki, attic\/photos$/,
    );
  });

  it('is nobody where a container of this host has its name, and not where one of another host has', () => {
    expect(neededBy(view(undefined, 'nas'), view(undefined, 'wiki', 'nas'))).toBeUndefined();
    expect(neededBy(view('attic', 'nas'), view(undefined, 'wiki', 'nas'))).toMatch(/wiki$/);
  });
});
