import { describe, expect, it } from 'vitest';
import type { ContainerView, Status } from '../../common/events/index.js';
import type { Overview } from '../overview.js';
import { changesBetween } from './changes-between.js';

const view = (name: string, status: Status, reason: string) =>
  ({ name, status, decision: { reason } }) as ContainerView;

const overview = (containers: ContainerView[], reachable = true, problem: string | null = null): Overview =>
  ({
    status: { engine: { reachable, problem } },
    containers,
    externals: [],
    incidents: [],
  }) as unknown as Overview;

const changes = (...looks: [Overview | null, Overview]) => [...changesBetween(...looks)];

describe('what changed', () => {
  const calm = overview([view('web', 'healthy', 'Up.'), view('db', 'held', 'On hold: backup')]);

  it('is at first the engine, and what is not healthy', () => {
    expect(changes(null, calm)).toEqual(['engine  reachable', 'db  held  On hold: backup']);
  });

  it('is nothing while all stays as it is', () => {
    expect(changes(calm, overview([...calm.containers]))).toEqual([]);
  });

  it('is who is otherwise, new or gone, and the engine', () => {
    const later = overview(
      [view('web', 'down', 'Crashed.'), view('new', 'healthy', 'Up.')],
      false,
      'No socket.',
    );
    expect(changes(calm, later)).toEqual([
      'engine  not reachable: No socket.',
      'web  down  Crashed.',
      'new  healthy  Up.',
      'db  gone',
    ]);
  });

  it('is another reason of one that is not well, and not of one that is', () => {
    const later = overview([view('web', 'healthy', 'Up for long.'), view('db', 'held', 'On hold: update')]);
    expect(changes(calm, later)).toEqual(['db  held  On hold: update']);
  });
});
