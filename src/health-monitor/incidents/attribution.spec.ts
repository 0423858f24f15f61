import { describe, expect, it } from 'vitest';
import {
  backingOff,
  down,
  givenUp,
  IncidentStory,
  stopped,
  up,
  waitingFor,
} from '../../../test/support/conditions.js';
import { anAttempt, MINUTE, NOON, SECOND } from '../../../test/support/situation.js';

const apps = Array.from({ length: 20 }, (_, index) => `app-${index}`);
const needDb = Object.fromEntries(apps.map((app) => [app, ['db']]));
const causesAndVictims = ({ all }: IncidentStory) =>
  all.map(({ cause, victims }) => [cause.container, victims.map(({ container }) => container)]);

describe('one cause', () => {
  it('with twenty dependents is one incident', () => {
    const story = new IncidentStory(needDb).step(
      NOON,
      down('db', NOON),
      ...apps.map((app) => down(app, NOON + SECOND, waitingFor('db'))),
    );
    expect(causesAndVictims(story)).toEqual([['db', apps]]);
    expect(story.sent).toEqual([]);
  });

  it('crashing beside another one makes two incidents', () => {
    const story = new IncidentStory().step(NOON, down('a', NOON), down('b', NOON));
    expect(causesAndVictims(story)).toEqual([
      ['a', []],
      ['b', []],
    ]);
  });

  it('is found at the ground of a chain of those that wait', () => {
    const story = new IncidentStory({ web: ['api', 'db'], api: ['db'] }).step(
      NOON,
      down('db', NOON),
      down('api', NOON, waitingFor('db')),
      down('web', NOON, waitingFor('api')),
    );
    expect(causesAndVictims(story)).toEqual([['db', ['api', 'web']]]);
  });

  it('on another host makes no incident of those that wait for it, and ends what they had begun', () => {
    const story = new IncidentStory({ web: ['api'] })
      .step(NOON, down('api', NOON), down('web', NOON, waitingFor('api')))
      .step(
        NOON + SECOND,
        down('api', NOON, waitingFor('attic/db')),
        down('web', NOON, waitingFor('api')),
        down('tool', NOON, waitingFor('attic/db')),
      );
    expect(story.all.filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
    expect(story.all.map(({ endedBy }) => endedBy)).toEqual(['dependency']);
    expect(story.sent).toEqual([]);
  });

  it('on another host leaves alone what people were told of before', () => {
    const refused = { attempts: [anAttempt(NOON, { outcome: 'refused' })] };
    const story = new IncidentStory()
      .step(NOON, down('api', NOON, backingOff, refused))
      .step(NOON + SECOND, down('api', NOON, waitingFor('attic/db'), refused));
    expect(story.sent).toEqual(['container.restart_failed api']);
    expect(story.all).toMatchObject([{ cause: { container: 'api' }, resolvedAt: null }]);
  });

  it('is looked for no longer where those that wait wait for each other', () => {
    const story = new IncidentStory({ a: ['b'], b: ['a'] }).step(
      NOON,
      down('a', NOON, waitingFor('b')),
      down('b', NOON, waitingFor('a')),
    );
    expect(story.all).toEqual([]);
  });

  it('wished stopped leaves its victims waiting in silence', () => {
    const story = new IncidentStory(needDb).step(NOON, stopped('db'), down('app-0', NOON, waitingFor('db')));
    expect(story.all).toEqual([]);
    expect(story.sent).toEqual([]);
  });

  it('that went down after its victim was back has no victim', () => {
    const story = new IncidentStory({ web: ['db'] })
      .step(NOON, up('db'), down('web', NOON))
      .step(NOON + 5 * SECOND, up('db'), up('web', { readySince: NOON + 4 * SECOND }))
      .step(NOON + 9 * SECOND, down('db', NOON + 8 * SECOND), up('web', { readySince: NOON + 4 * SECOND }));
    expect(causesAndVictims(story)).toEqual([
      ['web', []],
      ['db', []],
    ]);
  });

  it('that is back is none any more of a dependent that goes down later', () => {
    const back = up('db', { readySince: NOON + 20 * SECOND });
    const story = new IncidentStory({ web: ['db'] })
      .step(NOON, down('db', NOON), up('web'))
      .step(NOON + 20 * SECOND, back, up('web'))
      .step(NOON + 30 * SECOND, back, down('web', NOON + 25 * SECOND));
    expect(causesAndVictims(story)).toEqual([
      ['db', []],
      ['web', []],
    ]);
  });
});

describe('a dependent that goes down first', () => {
  const first = () => new IncidentStory(needDb).step(NOON, up('db'), down('app-0', NOON));

  it('is not shown for ten seconds, since it may still turn out to be a victim', () => {
    const story = first();
    expect(story.all[0]!.stage).toBe('hidden');
    story.step(NOON + 10 * SECOND - 1, up('db'), down('app-0', NOON));
    expect(story.all[0]!.stage).toBe('hidden');
    story.step(NOON + 10 * SECOND, up('db'), down('app-0', NOON));
    expect(story.all[0]!.stage).toBe('shown');
  });

  it('up to ten seconds before its cause becomes a victim, and was no incident of its own', () => {
    const story = first().step(NOON + 9 * SECOND, down('db', NOON + 9 * SECOND), down('app-0', NOON));
    expect(causesAndVictims(story)).toEqual([['db', ['app-0']]]);
  });

  it('and is shown by then, ends because of its cause', () => {
    const story = first()
      .step(NOON + 10 * SECOND, up('db'), down('app-0', NOON))
      .step(NOON + 11 * SECOND, down('db', NOON + 9 * SECOND), down('app-0', NOON));
    expect(causesAndVictims(story)).toEqual([
      ['app-0', []],
      ['db', ['app-0']],
    ]);
    expect(story.all[0]).toMatchObject({ endedBy: 'dependency', stage: 'shown', backAt: null });
  });

  it('longer before stays a cause of its own', () => {
    const story = first().step(NOON + 11 * SECOND, down('db', NOON + 11 * SECOND), down('app-0', NOON));
    expect(causesAndVictims(story)).toEqual([
      ['app-0', []],
      ['db', []],
    ]);
  });

  it('and of which people had a message stays a cause of its own', () => {
    const story = new IncidentStory(needDb)
      .step(NOON, up('db'), givenUp('app-0', NOON))
      .step(NOON + SECOND, down('db', NOON + SECOND), givenUp('app-0', NOON));
    expect(causesAndVictims(story)).toEqual([
      ['app-0', []],
      ['db', []],
    ]);
  });

  it('takes its own victims along, also when two become victims at once', () => {
    const needs = { api: ['db'], web: ['api', 'db'] };
    const hidden = (name: string) => down(name, NOON);
    const story = new IncidentStory(needs)
      .step(NOON, up('db'), up('api'), hidden('web'))
      .step(NOON + 5 * SECOND, up('db'), down('api', NOON + 20 * SECOND), hidden('web'))
      .step(NOON + 9 * SECOND, down('db', NOON + 9 * SECOND), down('api', NOON + 20 * SECOND), hidden('web'));
    expect(causesAndVictims(story)).toEqual([['db', ['web', 'api']]]);
  });
});

describe('the same cause', () => {
  const healed = () =>
    new IncidentStory()
      .step(NOON, down('app', NOON))
      .step(NOON + 70 * SECOND, up('app', { readySince: NOON, attempts: [] }));

  it('within the stable window reopens its incident, with what it comes from now', () => {
    const again = down('app', NOON + 5 * MINUTE, backingOff, { crashLoopSince: NOON + 5 * MINUTE });
    const story = healed().step(NOON + 5 * MINUTE, again);
    expect(story.all).toMatchObject([
      {
        kind: 'crash-loop',
        openedAt: new Date(NOON).toISOString(),
        reopenedAt: new Date(NOON + 5 * MINUTE).toISOString(),
        resolvedAt: null,
        endedBy: null,
        cause: { reason: 'It keeps crashing.' },
      },
    ]);
  });

  it('after the stable window has a new one', () => {
    const story = healed().step(NOON + 12 * MINUTE, down('app', NOON + 12 * MINUTE));
    expect(story.all.map(({ resolvedAt }) => resolvedAt === null)).toEqual([false, true]);
  });
});
