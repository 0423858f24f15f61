import { afterEach, describe, expect, it } from 'vitest';
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
