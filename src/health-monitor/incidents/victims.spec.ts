import { describe, expect, it } from 'vitest';
import { down, stopped, up } from '../../../test/support/conditions.js';
import { MINUTE, NOON } from '../../../test/support/situation.js';
import type { Condition } from './condition.js';
import { iso } from './incident-record.js';
import { openIncident } from './open-incident.js';
import { areVictimsBack, victimsBack, victimsNow, withVictims } from './victims.js';

const victim = (container: string, to: string | null = null) => ({ container, from: iso(NOON), to });
const cause = (...victims: ReturnType<typeof victim>[]) => ({
  ...openIncident({ kind: 'down', container: 'db', since: NOON, reason: '' }),
  victims,
});
const conditions = (...all: Condition[]) => new Map(all.map((one) => [one.name, one]));

describe('victims', () => {
  it('are listed once while they are down, and again when they go down again', () => {
    const incident = cause(victim('web'), victim('api', iso(NOON)));
    expect(withVictims(incident, [victim('web')])).toBe(incident);
    expect(withVictims(incident, [victim('web'), victim('api')]).victims).toEqual([
      ...incident.victims,
      victim('api'),
    ]);
  });

  it('are listed once for one fall, however often that is found', () => {
    const incident = cause(victim('web', iso(NOON + MINUTE)));
    expect(withVictims(incident, [victim('web')])).toBe(incident);
  });

  it('are back since they are ready', () => {
    const incident = cause(victim('web'), victim('api'));
    const now = conditions(up('web', { readySince: NOON + MINUTE }), down('api', NOON));
    expect(victimsNow(incident, now, NOON + MINUTE)).toEqual([
      victim('web', iso(NOON + MINUTE)),
      victim('api'),
    ]);
    expect(victimsNow(incident, conditions(), NOON + MINUTE)).toBe(incident.victims);
  });

  it('are back also when the clock was set back since they went down', () => {
    const earlier = NOON - 60 * MINUTE;
    const now = conditions(up('web', { readySince: earlier }));
    expect(victimsNow(cause(victim('web')), now, earlier + MINUTE)).toEqual([victim('web', iso(earlier))]);
  });

  it.each([
    ['is ready', up('web')],
    ['is down on purpose', stopped('web')],
    ['is gone', up('other')],
  ])('are waited for no more when one %s', (_, condition) => {
    expect(areVictimsBack(cause(victim('web')), conditions(condition), new Map())).toBe(true);
  });

  it('are waited for while one is down, unless that has become a problem of its own', () => {
    const web = conditions(down('web', NOON));
    expect(areVictimsBack(cause(victim('web', iso(NOON))), web, new Map())).toBe(true);
    expect(areVictimsBack(cause(victim('web')), web, new Map())).toBe(false);
    const own = openIncident({ kind: 'down', container: 'web', since: NOON, reason: '' });
    expect(areVictimsBack(cause(victim('web')), web, new Map([[own.id, own]]))).toBe(true);
  });

  it('that are back are named once each', () => {
    const to = iso(NOON);
    expect(victimsBack(cause(victim('web', to), victim('api'), victim('web', to)))).toEqual(['web']);
  });
});
