import { describe, expect, it } from 'vitest';
import type { ContainerView, ExternalView } from '../client.js';
import { externalsOf, neededBy } from './externals.js';

const view = (name: string, ...dependsOn: string[]) =>
  ({ name, appId: name.replace('archy-', ''), dependsOn }) as unknown as ContainerView;
const byName = (...views: ContainerView[]) => new Map(views.map((one) => [one.name, one]));
const externals = new Map(['nas', 'db'].map((id) => [id, { id, name: `The ${id}` } as ExternalView]));

describe('externals', () => {
  const known = byName(view('photos', 'nas', 'db'), view('music', 'nas'), view('archy-db'));

  it('of a container are those that it needs and that are no containers', () => {
    expect(externalsOf(known.get('photos')!, known, externals).map(({ id }) => id)).toEqual(['nas']);
    expect(externalsOf(view('other', 'gone'), known, externals)).toEqual([]);
  });

  it('are needed by who says so, and by nobody where a container has the name', () => {
    expect(neededBy('nas', known)).toEqual(['music', 'photos']);
    expect(neededBy('db', known)).toEqual([]);
  });

  it('may be needed on other hosts, where a container of their name is another thing', () => {
    const elsewhere = { ...view('attic/nas', 'nas'), appId: 'nas', host: 'attic' };
    expect(neededBy('nas', byName(view('music', 'nas'), elsewhere))).toEqual(['attic/nas', 'music']);
  });
});
