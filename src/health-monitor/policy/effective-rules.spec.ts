import { describe, expect, it } from 'vitest';
import { aContainer, MINUTE, rulesFor, SECOND } from '../../../test/support/situation.js';
import { resolveOptions } from '../../common/options/index.js';
import { PRESETS } from '../presets/index.js';
import { effectiveRules } from './effective-rules.js';

const labelled = (labels: Record<string, string>, name = 'app') => aContainer({ name, labels });

describe('rules', () => {
  it('have their defaults, and say so', () => {
    const rules = rulesFor(aContainer());
    expect(rules).toMatchObject({
      ignore: false,
      backend: false,
      tier: 'application',
      dependsOn: [],
      on: 'auto',
      unhealthy: 'restart',
      stopTimeoutMs: 10 * SECOND,
      maxAttempts: 3,
      problems: [],
    });
    expect(rules.origin).toMatchObject({
      ignore: 'default',
      on: 'default',
      dependsOn: 'default',
      stopTimeoutMs: 'engine',
    });
  });

  it('come from labels', () => {
    const rules = rulesFor(
      labelled({
        'health-monitor.ignore': 'true',
        'health-monitor.tier': ' core ',
        'health-monitor.on': 'failure',
        'health-monitor.unhealthy': 'notify',
        'health-monitor.stop-timeout': '300',
        'health-monitor.depends-on': 'db, vpn,,',
      }),
    );
    expect(rules).toMatchObject({
      ignore: true,
      tier: 'core',
      on: 'failure',
      unhealthy: 'notify',
      stopTimeoutMs: 5 * MINUTE,
      dependsOn: [{ anyOf: ['db'], condition: 'healthy' }, { anyOf: ['vpn'] }],
    });
    expect(Object.values(rules.origin).filter((from) => from === 'label')).toHaveLength(6);
  });

  it('name by a label what is needed of other hosts that are watched, and of the own one alike', () => {
    const container = labelled({ 'health-monitor.depends-on': 'attic/db, local/vpn, db, cellar/db, a/b/c' });
    const hosts = { attic: { runtime: { ssh: 'attic' } }, nas: { runtime: { ssh: 'nas' } } };
    const here = rulesFor(container, { hosts });
    expect(here.dependsOn.map(({ anyOf }) => anyOf)).toEqual([['attic/db'], ['vpn'], ['db']]);
    expect(here.problems).toEqual([
      'The label health-monitor.depends-on lists more than 50 names, or what is no name; the rest is left out.',
      'The label health-monitor.depends-on names cellar/db, of a host that is not watched (those there are: attic, nas); that is left out.',
    ]);
    const options = { ...resolveOptions({ access: 'open', preset: 'none', hosts }), ofHost: 'attic' };
    const there = effectiveRules(container, options, PRESETS.none, () => undefined);
    expect(there.dependsOn.map(({ anyOf }) => anyOf)).toEqual([['db'], ['local/vpn'], ['db']]);
    expect(rulesFor(container).problems[1]).toContain('(none is configured)');
  });

  it('in the configuration win over labels, by name or app id', () => {
    const container = labelled(
      { 'health-monitor.tier': 'core', 'health-monitor.ignore': 'true', 'health-monitor.depends-on': 'db' },
      'archy-app',
    );
    for (const key of ['app', 'archy-app']) {
      const rules = rulesFor(container, {
        containers: {
          [key]: { tier: 'frontend', ignore: false, dependsOn: { vpn: { restart: true } }, maxAttempts: 5 },
        },
      });
      expect(rules).toMatchObject({
        tier: 'frontend',
        ignore: false,
        maxAttempts: 5,
        dependsOn: [{ anyOf: ['vpn'], condition: 'healthy', restart: true }],
      });
      expect(rules.origin).toMatchObject({
        tier: 'config',
        ignore: 'config',
        dependsOn: 'config',
        maxAttempts: 'config',
      });
    }
  });

  it('of the preset come last, and a label replaces its dependencies', () => {
    const preset = { preset: 'archipelago' } as const;
    expect(rulesFor(aContainer({ name: 'archy-lnd' }), preset)).toMatchObject({
      tier: 'dependent',
      unhealthy: 'notify',
      stopTimeoutMs: 5 * MINUTE,
      origin: { tier: 'preset', unhealthy: 'preset', stopTimeoutMs: 'preset', dependsOn: 'preset' },
      dependsOn: [
        { anyOf: ['bitcoin-knots', 'bitcoin-core', 'bitcoin'], condition: 'started', mustExist: false },
      ],
    });
    expect(rulesFor(labelled({ 'health-monitor.depends-on': 'vpn' }, 'lnd'), preset).dependsOn).toMatchObject(
      [{ anyOf: ['vpn'] }],
    );
  });

  it('keep a stop timeout of the container that is longer than the preset asks for', () => {
    const patient = aContainer({ name: 'bitcoin', stopTimeoutMs: 10 * MINUTE });
    expect(rulesFor(patient, { preset: 'archipelago' }).stopTimeoutMs).toBe(10 * MINUTE);
  });

  it('add what the engine requires to whatever is written', () => {
    const container = aContainer({ requires: ['id of vpn'], labels: { 'health-monitor.depends-on': 'db' } });
    expect(rulesFor(container).dependsOn).toMatchObject([
      { anyOf: ['db'], requiredByEngine: false },
      { anyOf: ['vpn'], requiredByEngine: true, condition: 'started' },
    ]);
  });
});

describe('hostile labels', () => {
  it.each(['constructor', '__proto__', 'toString', 'TRUE;', '<script>', '', 'x'.repeat(10_000)])(
    'with the value "%.20s" are left out and named, without the value',
    (value) => {
      const rules = rulesFor(
        labelled({
          'health-monitor.ignore': value,
          'health-monitor.tier': value,
          'health-monitor.on': value,
          'health-monitor.unhealthy': value,
          'health-monitor.stop-timeout': value,
        }),
      );
      expect(rules).toMatchObject({
        ignore: false,
        tier: 'application',
        on: 'auto',
        unhealthy: 'restart',
        stopTimeoutMs: 10_000,
      });
      expect(rules.problems).toHaveLength(5);
      if (value !== '') expect(rules.problems.join()).not.toContain(value);
    },
  );

  it.each(['-1', '1e9', '100000', '0x10', '1.5', ' '])('ask for a stop timeout of %j in vain', (value) => {
    expect(rulesFor(labelled({ 'health-monitor.stop-timeout': value })).stopTimeoutMs).toBe(10_000);
  });

  it('cannot make a dependency of what is no name, nor thousands of them', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `n${index}`).join(',');
    const rules = rulesFor(
      labelled({ 'health-monitor.depends-on': `../etc,-x,a\nb,${'x'.repeat(10_000)},${many}` }),
    );
    expect(rules.dependsOn).toHaveLength(50);
    expect(rules.problems).toHaveLength(1);
    expect(rules.problems[0]!.length).toBeLessThan(200);
  });

  it("in Compose's own have no say beyond its words", () => {
    const rules = rulesFor(
      labelled({
        'com.docker.compose.project': '__proto__',
        'com.docker.compose.depends_on': 'db:constructor:true,:service_healthy:true,web',
      }),
    );
    expect(rules.dependsOn).toMatchObject([
      { anyOf: ['db'], condition: 'started', restart: true },
      { anyOf: ['web'], condition: 'started', restart: false },
    ]);
  });

  it.each(['constructor', 'toString', 'valueOf'])(
    'nor does the name %s find rules that nobody wrote',
    (name) => {
      expect(rulesFor(aContainer({ name })).origin).toMatchObject({
        tier: 'default',
        maxAttempts: 'default',
      });
    },
  );
});
