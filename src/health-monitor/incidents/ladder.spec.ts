import { describe, expect, it } from 'vitest';
import {
  backingOff,
  condition,
  down,
  givenUp,
  IncidentStory,
  stopped,
  up,
} from '../../../test/support/conditions.js';
import {
  aChecked,
  aContainer,
  ago,
  anAttempt,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
  type FlatRecord,
} from '../../../test/support/situation.js';
import { leave } from '../policy/index.js';
import type { IncidentRecord } from './incident-record.js';

const refused = (at = NOON) =>
  down('app', at, backingOff, { attempts: [anAttempt(at, { outcome: 'refused', detail: 'busy' })] });
const stuck = (record: Partial<FlatRecord> = {}) =>
  condition('app', {
    container: aContainer({ name: 'app', state: 'stopping' }),
    record: { unsettledSince: ago(10 * MINUTE), readySince: null, ...record },
    decision: leave('stuck', 'The engine has been stopping it.'),
  });
/** Ready since then; an incident is over after a minute of that. */
const back = (readySince: number) => up('app', { readySince, attempts: [anAttempt(NOON)] });
const inLoop = () => up('app', { crashLoopSince: NOON, readySince: NOON, healedDeaths: [1, 2, 3, 4] });
const stageOf = ({ all }: IncidentStory): IncidentRecord['stage'] => all[0]!.stage;

describe('a container’s incident', () => {
  it('is shown without a message while attempts are made, and after one that healed it', () => {
    const story = new IncidentStory().step(NOON, down('app', NOON));
    expect(stageOf(story)).toBe('shown');
    story.step(NOON + 2 * MINUTE, back(NOON + MINUTE));
    expect(story.all).toMatchObject([{ stage: 'shown', endedBy: 'attempt' }]);
    expect(story.sent).toEqual([]);
  });

  it('has at most three messages: opened, worsened, ended; each once', () => {
    const story = new IncidentStory();
    const stages: string[] = [];
    const step = (now: number, what: ReturnType<typeof up>) => stages.push(stageOf(story.step(now, what)));
    for (let second = 0; second < 30; second += 10) step(NOON + second * SECOND, refused());
    for (let minute = 1; minute < 60; minute += 20) step(NOON + minute * MINUTE, givenUp('app', NOON));
    for (let minute = 61; minute < 64; minute++) step(NOON + minute * MINUTE, back(NOON + HOUR));
    expect(stages).toEqual([
      ...['opened', 'opened', 'opened'],
      ...['worsened', 'worsened', 'worsened'],
      ...['ended', 'ended', 'ended'],
    ]);
    expect(story.sent).toEqual([
      'container.restart_failed app',
      'container.given_up app',
      'container.recovered app',
    ]);
    expect(story.all[0]!.sent).toEqual([
      'container.restart_failed',
      'container.given_up',
      'container.recovered',
    ]);
  });

  it('that has worsened does not open any more', () => {
    const story = new IncidentStory().step(NOON, givenUp('app', NOON)).step(NOON + HOUR, refused());
    expect(story.sent).toEqual(['container.given_up app']);
  });

  it('opens by the first reason that there is, in this order', () => {
    const loopAnd = (what: ReturnType<typeof up>) => ({
      ...what,
      record: { ...what.record, loop: { ...what.record.loop, since: NOON } },
    });
    const first = (what: ReturnType<typeof up>, now = NOON) => new IncidentStory().step(now, what).sent;
    expect(first(loopAnd(stuck()))).toEqual(['container.stuck app']);
    expect(first(loopAnd(refused()))).toEqual(['container.crash_loop app']);
    const ailing = condition('app', {
      container: aChecked('unhealthy', { name: 'app' }),
      record: {
        unhealthySince: ago(2 * MINUTE),
        readySince: null,
        attempts: [anAttempt(ago(HOUR), { outcome: 'refused' })],
      },
      decision: leave('observing', ''),
    });
    expect(first(ailing)).toEqual(['container.unhealthy app']);
    const observed = down('app', NOON, leave('observing', ''), {
      attempts: [anAttempt(NOON, { outcome: 'timed-out' })],
    });
    expect(first(observed, NOON + MINUTE)).toEqual(['container.down app']);
    expect(first(observed)).toEqual(['container.restart_failed app']);
  });

  it('opens for what is down in mode observe only after a minute, however often it fell before', () => {
    const observed = (at: number) => down('app', at, leave('observing', ''), { attempts: [] });
    const story = new IncidentStory()
      .step(NOON, observed(NOON))
      .step(NOON + 20 * SECOND, back(NOON + 10 * SECOND))
      .step(NOON + 100 * SECOND, observed(NOON + 97 * SECOND));
    expect(story.sent).toEqual([]);
    story.step(NOON + 3 * MINUTE, observed(NOON + 97 * SECOND));
    expect(story.sent).toEqual(['container.down app']);
  });

  it('goes on while its crash loop does, until it is given up', () => {
    const story = new IncidentStory().step(NOON, inLoop()).step(NOON + HOUR, inLoop());
    expect(story.all).toMatchObject([{ stage: 'opened', resolvedAt: null }]);
    story
      .step(NOON + 2 * HOUR, givenUp('app', NOON + 2 * HOUR, { crashLoopSince: NOON }))
      .step(NOON + 3 * HOUR, inLoop());
    expect(story.all).toMatchObject([{ stage: 'ended' }]);
    expect(story.all[0]!.resolvedAt).not.toBeNull();
    expect(story.sent.at(-1)).toBe('container.recovered app');
  });
});

describe('one that is stuck', () => {
  it('opens an incident, once', () => {
    const story = new IncidentStory().step(NOON, stuck()).step(NOON + MINUTE, stuck());
    expect(story.sent).toEqual(['container.stuck app']);
    expect(stageOf(story)).toBe('opened');
  });

  it('worsens one of which people know, and may still be given up', () => {
    const story = new IncidentStory()
      .step(NOON, refused())
      .step(NOON + HOUR, stuck())
      .step(NOON + HOUR, stuck());
    expect(story.sent).toEqual(['container.restart_failed app', 'container.stuck app']);
    expect(stageOf(story)).toBe('worsened');
    story
      .step(NOON + 2 * HOUR, givenUp('app', NOON + 2 * HOUR))
      .step(NOON + 3 * HOUR, givenUp('app', NOON + 2 * HOUR));
    expect(story.sent.slice(2)).toEqual(['container.given_up app']);
  });

  it('and that was stuck when it opened only worsens when it is given up', () => {
    const story = new IncidentStory()
      .step(NOON, stuck())
      .step(NOON + HOUR, givenUp('app', NOON + HOUR))
      .step(NOON + 2 * HOUR, stuck());
    expect(story.sent).toEqual(['container.stuck app', 'container.given_up app']);
  });
});

describe('one that was reopened', () => {
  const recovered = (first: ReturnType<typeof up>) =>
    new IncidentStory().step(NOON, first).step(NOON + 2 * MINUTE, back(NOON + MINUTE));

  it('after people heard of its end is told no more', () => {
    const story = recovered(refused());
    expect(stageOf(story)).toBe('ended');
    story
      .step(NOON + 3 * MINUTE, refused(NOON + 3 * MINUTE))
      .step(NOON + 6 * MINUTE, back(NOON + 4 * MINUTE));
    expect(story.sent).toEqual(['container.restart_failed app', 'container.recovered app']);
    expect(story.all).toMatchObject([{ stage: 'ended', endedBy: 'attempt' }]);
  });

  it('unless it is given up, and then of its end once more', () => {
    const story = recovered(givenUp('app', NOON))
      .step(NOON + 3 * MINUTE, refused(NOON + 3 * MINUTE))
      .step(NOON + 4 * MINUTE, givenUp('app', NOON + 3 * MINUTE))
      .step(NOON + 7 * MINUTE, back(NOON + 5 * MINUTE));
    expect(story.sent).toEqual([
      'container.given_up app',
      'container.recovered app',
      'container.given_up app',
      'container.recovered app',
    ]);
    expect(story.messages.at(1)).toBe('Down for 1 minute.');
    expect(story.messages.at(-1)).toBe(
      'Down again for 2 minutes. This began 5 minutes ago, and was over in between.',
    );
  });

  it('unless it is stuck, too', () => {
    const story = recovered(refused()).step(NOON + 3 * MINUTE, stuck());
    expect(story.sent.slice(2)).toEqual(['container.stuck app']);
    expect(
      recovered(stuck())
        .step(NOON + 3 * MINUTE, stuck())
        .sent.slice(2),
    ).toEqual([]);
  });

  it('after a person ended it stays where it was', () => {
    const story = new IncidentStory()
      .step(NOON, givenUp('app', NOON))
      .step(NOON + MINUTE, stopped('app'))
      .step(NOON + 2 * MINUTE, givenUp('app', NOON));
    expect(story.all).toMatchObject([{ stage: 'worsened', resolvedAt: null }]);
    story.step(NOON + 5 * MINUTE, back(NOON + 3 * MINUTE));
    expect(story.sent).toEqual(['container.given_up app', 'container.recovered app']);
  });

  it('after a person ended it before anybody saw it stays hidden', () => {
    const story = new IncidentStory({ app: ['db'] })
      .step(NOON, up('db'), down('app', NOON))
      .step(NOON + SECOND, up('db'), stopped('app'));
    expect(story.all).toMatchObject([{ stage: 'hidden', endedBy: 'person' }]);
    story.step(NOON + 2 * SECOND, up('db'), down('app', NOON + 2 * SECOND));
    expect(story.all).toMatchObject([{ stage: 'hidden', resolvedAt: null }]);
  });
});
