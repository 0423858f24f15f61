import { GIB, World, type WorldOptions } from './world.js';

/** A database with a volume on its own disk, and two that have none; the engine keeps its own on the first disk. */
export function worldWithTwoDisks(options: WorldOptions = {}): Promise<World> {
  const world = new World({ engine: { storageRoot: '/var/lib/containers' }, ...options });
  world.host.disk('/', 40 * GIB, '/var/lib/containers');
  world.host.disk('/mnt/data', 40 * GIB, '/mnt/data/');
  world.running({ name: 'db', volumes: [{ path: '/mnt/data/db', isWritable: true }] }, 'app', 'other');
  return world.start();
}
