import { afterEach, describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/testing/index.js';
import { HOUR, SECOND } from '../support/situation.js';
import { World, type WorldOptions } from '../support/world.js';

let world: World;
const make = (options?: WorldOptions) => (world = new World(options));
afterEach(() => world.stop());

const composed = (service: string, more: Record<string, string> = {}) => ({
  'com.docker.compose.project': 'p',
  'com.docker.compose.service': service,
  ...more,
});

describe('what runs once', () => {
  it('is shown as it ended, and neither healed nor told of', async () => {
    await make()
      .running({ name: 'migrate', labels: { 'com.docker.compose.oneoff': 'True' } })
      .start();
    world.runtime.crash('migrate', 1);
    await world.advance(2 * HOUR, 10 * SECOND);
    expect(world.acts).toEqual([]);
    expect(world.told).toEqual([]);
    expect(world.view('migrate')).toMatchObject({ status: 'stopped', exit: { code: 1 } });
  });

  it.each<[string, Omit<ContainerSpec, 'name'>, string[]]>([
    ['in the foreground', {}, []],
    [
      'in the foreground, with a rule that it is a service',
      { labels: { 'health-monitor.job': 'false' } },
      ['start app'],
    ],
    ['by Compose, which waits for services, too', { labels: composed('app') }, ['start app']],
    ['by podman-compose', { labels: { 'io.podman.compose.project': 'p' } }, ['start app']],
    ['in the background', { ranInForeground: false }, ['start app']],
  ])('is left alone when a person ran it for a short while %s', async (_, spec, acts) => {
    await make().start();
    world.runtime.add({ name: 'app', ranInForeground: true, ...spec });
    await world.advance(2 * SECOND);
    world.runtime.crash('app', 1);
    await world.advance(60 * SECOND, SECOND);
    expect(world.acts).toEqual(acts);
    expect(world.told).toEqual([]);
  });

  it('is a service when it was once up for 10 minutes, also when a later run is short', async () => {
    await make().start();
    world.runtime.add({ name: 'app', ranInForeground: true });
    await world.advance(5 * SECOND);
    expect(world.view('app').decision?.code).toBe('job');
    await world.advance(11 * 60 * SECOND, 10 * SECOND);
    expect(world.view('app').decision?.code).toBe('healthy');
    world.runtime.crash('app', 1);
    await world.advance(60 * SECOND, SECOND);
    world.runtime.crash('app', 1);
    await world.advance(60 * SECOND, SECOND);
    expect(world.acts).toEqual(['start app', 'start app']);
  });

  it('is no replica of the service beside which it was run', async () => {
    await make()
      .running(
        { name: 'p-db-1', labels: composed('db') },
        { name: 'p-db-run-1', labels: composed('db', { 'com.docker.compose.oneoff': 'True' }) },
        {
          name: 'p-web-1',
          labels: composed('web', { 'com.docker.compose.depends_on': 'db:service_started:false' }),
        },
      )
      .start();
    world.runtime.onStart('p-db-1', { takesMs: 20 * SECOND });
    world.runtime.crash('p-db-1', 1);
    world.runtime.crash('p-web-1', 1);
    await world.advance(60 * SECOND);
    expect(world.acts).toEqual(['start p-db-1', 'start p-web-1']);
    expect(world.view('p-web-1').dependsOn).toEqual(['p-db-1']);
  });
});
