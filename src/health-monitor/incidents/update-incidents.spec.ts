import { describe, expect, it } from 'vitest';
import {
  condition,
  down,
  givenUp,
  IncidentStory,
  stopped,
  up,
  waitingFor,
} from '../../../test/support/conditions.js';
import { aDeath, anAttempt, anExited, HOUR, MINUTE, NOON, SECOND } from '../../../test/support/situation.js';
import { leave } from '../policy/index.js';
import { incidentView } from './incident-record.js';
import { notePersonActed } from './incidents.js';

const back = (since: number) => up('app', { readySince: since, attempts: [anAttempt(NOON)] });

describe('the end of an incident', () => {
  it('is a minute of readiness without a break', () => {
    const story = new IncidentStory().step(NOON, down('app', NOON)).step(NOON + 59 * SECOND, back(NOON));
    expect(story.all[0]!.resolvedAt).toBeNull();
    story.step(NOON + 62 * SECOND, back(NOON + 10 * SECOND));
    expect(story.all[0]!.resolvedAt).toBeNull();
    story.step(NOON + 70 * SECOND, back(NOON + 10 * SECOND));
    expect(story.all[0]).toMatchObject({
      resolvedAt: new Date(NOON + 70 * SECOND).toISOString(),
      endedBy: 'attempt',
    });
    expect(story.sent).toEqual([]);
  });

  it('waits for the victims', () => {
    const story = new IncidentStory({ web: ['app'] })
      .step(NOON, down('app', NOON), down('web', NOON, waitingFor('app')))
      .step(NOON + 2 * MINUTE, back(NOON + SECOND), down('web', NOON, waitingFor('app')));
    expect(story.all[0]!.resolvedAt).toBeNull();
    story.step(NOON + 3 * MINUTE, back(NOON + SECOND), up('web', { readySince: NOON + 2 * MINUTE }));
    expect(story.all[0]).toMatchObject({
      resolvedAt: new Date(NOON + 3 * MINUTE).toISOString(),
      victims: [{ container: 'web', to: new Date(NOON + 2 * MINUTE).toISOString() }],
    });
  });

  it('is ascribed to a person before an attempt, and to itself when nobody did anything', () => {
    const ended = (what: (story: IncidentStory) => void, attempts = [anAttempt(NOON)]) => {
      const story = new IncidentStory().step(NOON, down('app', NOON, undefined, { attempts }));
      what(story);
      return story.step(NOON + 2 * MINUTE, up('app', { readySince: NOON, attempts })).all[0]!.endedBy;
    };
    const person = (story: IncidentStory) => (story.incidents = notePersonActed(story.incidents, 'app'));
    expect(ended(person)).toBe('person');
    expect(ended(() => undefined)).toBe('attempt');
    expect(ended(() => undefined, [])).toBe('itself');
  });

  it('by a person’s stop is silent, also when it was ready for a while', () => {
    const story = new IncidentStory()
      .step(NOON, givenUp('db', NOON))
      .step(NOON + MINUTE, up('db', { readySince: NOON + 30 * SECOND }))
      .step(NOON + 80 * SECOND, stopped('db'));
    expect(story.sent).toEqual(['container.given_up db']);
    expect(story.all).toMatchObject([{ stage: 'worsened', endedBy: 'person', backAt: null }]);
  });

  it('of one that finishes its work comes by itself', () => {
    const done = condition('job', {
      container: anExited({ name: 'job', exitCode: 0 }),
      record: { death: aDeath({ exitCode: 0 }) },
      decision: leave('finished', 'Its work is done.'),
    });
    const story = new IncidentStory().step(NOON, down('job', NOON)).step(NOON + MINUTE, done);
    expect(story.all).toMatchObject([{ endedBy: 'itself' }]);
  });

  it('of one whose cause is gone for good, or not among those given, is silent', () => {
    const story = new IncidentStory().step(NOON, givenUp('app', NOON)).step(NOON + HOUR, up('other'));
    expect(story.all).toMatchObject([{ endedBy: 'person' }]);
    expect(story.sent).toEqual(['container.given_up app']);
  });
});

describe('a step of the incidents', () => {
  it('that changes nothing gives the same map', () => {
    const conditions = [givenUp('app', NOON), down('web', NOON, waitingFor('app')), up('other')];
    const story = new IncidentStory({ web: ['app'] }).step(NOON, ...conditions);
    const before = story.incidents;
    expect(story.step(NOON + SECOND, ...conditions).incidents).toBe(before);
    expect(new IncidentStory().step(NOON, up('app')).all).toEqual([]);
  });

  it('leaves the incidents that it was given as they are', () => {
    const story = new IncidentStory({ web: ['app'] }).step(NOON, down('app', NOON), up('web'));
    const before = story.incidents;
    const kept = structuredClone([...before]);
    story
      .step(NOON + SECOND, down('app', NOON), down('web', NOON, waitingFor('app')))
      .step(NOON + 2 * SECOND, stopped('app'), up('web'));
    expect([...before]).toEqual(kept);
    expect(story.incidents).not.toBe(before);
  });

  it('shows people nothing of our book-keeping', () => {
    const [incident] = new IncidentStory().step(NOON, down('app', NOON)).all;
    expect(Object.keys(incidentView(incident!)).sort()).toEqual([
      'attempts',
      'cause',
      'endedBy',
      'failedAttempt',
      'id',
      'kind',
      'openedAt',
      'resolvedAt',
      'status',
      'timeline',
      'victims',
    ]);
  });
});
