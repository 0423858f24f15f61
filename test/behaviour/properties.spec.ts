import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../support/situation.js';
import { World } from '../support/world.js';

const FLEET = ['db', 'core', 'api', 'web', 'tool'] as const;
type Name = (typeof FLEET)[number];
const NEEDS: Readonly<Record<Name, readonly Name[]>> = {
  db: [],
  core: [],
  api: ['db', 'core'],
  web: ['api'],
  tool: [],
};
const MAX_ATTEMPTS = 3;

type Step =
  | { readonly do: 'crash' | 'vanish'; readonly name: Name; readonly code: number }
  | {
      readonly do: 'stop' | 'start' | 'kill' | 'api-stop' | 'api-start' | 'hold' | 'release' | 'retry';
      readonly name: Name;
    }
  | {
      readonly do: 'ail' | 'heal' | 'refuse' | 'accept' | 'remove' | 'recreate' | 'dies-soon';
      readonly name: Name;
    }
  | { readonly do: 'outage' | 'back' | 'reboot' | 'restart-monitor' | 'lose-events' }
  | { readonly do: 'jump'; readonly ms: number };
type Timed = readonly [Step, number];

const name = fc.constantFrom(...FLEET);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      name,
      code: fc.constantFrom(0, 1, 137, 139, 143),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'stop',
        'start',
        'kill',
        'api-stop',
        'api-start',
        'hold',
        'release',
        'retry' as const,
      ),
      name,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('ail', 'heal', 'refuse', 'accept', 'remove', 'recreate', 'dies-soon' as const),
      name,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('outage', 'back', 'reboot', 'restart-monitor', 'lose-events' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.constantFrom(-2 * HOUR, 2 * HOUR) }),
  },
);
const pause = fc.constantFrom(0, 250, SECOND, 5 * SECOND, 20 * SECOND, MINUTE, 3 * MINUTE, HOUR);
const history: fc.Arbitrary<readonly Timed[]> = fc.array(fc.tuple(step, pause), {
  minLength: 1,
  maxLength: 14,
});
const engine = fc.constantFrom('flag', 'events', 'never' as const);

/** A fleet whose every act is checked at the moment it is made, as the engine sees it. */
class Trial {
  readonly world: World;
  readonly broken: string[] = [];
  private readonly underWay = new Set<string>();
  /** Off by a person's word to us, or held: known for certain, whatever the engine can tell. */
  private readonly off = new Set<string>();
  private byPerson: string | null = null;
  private out = false;

  constructor(tellsWhoStopped: 'flag' | 'events' | 'never') {
    this.world = new World({
      engine: { tellsWhoStopped },
      containers: Object.fromEntries(FLEET.map((name) => [name, { dependsOn: [...NEEDS[name]] }])),
    });
    for (const name of FLEET) this.world.running({ name, ...(name === 'core' ? { health: 'healthy' } : {}) });
    const { runtime } = this.world;
    const start = runtime.start.bind(runtime);
    const restart = runtime.restart.bind(runtime);
    runtime.start = (id, options) => this.watched('start', id, () => start(id, options));
    runtime.restart = (id, options) => this.watched('restart', id, () => restart(id, options));
  }

  private async watched<T>(kind: 'start' | 'restart', id: string, act: () => Promise<T>): Promise<T> {
    const name = FLEET.find((each) => this.has(each) && this.world.runtime.peek(each).id === id);
    if (name === undefined) return act();
    if (this.underWay.has(name)) this.broken.push(`two acts at once on ${name}`);
    if (this.byPerson !== name) this.check(kind, name);
    this.underWay.add(name);
    try {
      return await act();
    } finally {
      this.underWay.delete(name);
    }
  }

  /** It may be gone by the time that an answer comes. */
  private viewOf(name: string) {
    return this.world.monitor.containers().find((view) => view.name === name);
  }

  private check(kind: 'start' | 'restart', name: Name): void {
    if (this.off.has(name)) this.broken.push(`${kind} of ${name}, which is wished stopped or held`);
    const { desired, attempts } = this.world.view(name);
    if (desired !== 'running') this.broken.push(`${kind} of ${name}, which is ${desired}`);
    if (attempts > MAX_ATTEMPTS) this.broken.push(`attempt ${attempts} on ${name}`);
    for (const need of NEEDS[name]) {
      // One that came back a moment ago may not be known yet.
      if (!this.has(need) || !this.world.monitor.containers().some((view) => view.name === need)) continue;
      const dependency = this.world.runtime.peek(need);
      const up = dependency.state === 'running' && !dependency.processVanished;
      // What happened within the same moment cannot be known yet.
      const since = up ? (dependency.startedAt ?? 0) : 0;
      if (!up && !this.justNow(dependency.exitedAt))
        this.broken.push(`${kind} of ${name} while ${need} is down`);
      if (up && need !== 'core' && this.world.clock.now() - since < 4 * SECOND && !this.jumped) {
        this.broken.push(`${kind} of ${name} while ${need} has only just started`);
      }
    }
  }

  private jumped = false;
  private justNow(at: number | null): boolean {
    return this.jumped || (at !== null && this.world.clock.now() - at <= SECOND);
  }

  private has(name: string): boolean {
    try {
      this.world.runtime.peek(name);
      return true;
    } catch {
      return false;
    }
  }

  async take(step: Step): Promise<void> {
    const { runtime, clock } = this.world;
    if (!('name' in step)) {
      switch (step.do) {
        case 'outage':
          this.out = true;
          return runtime.goAway();
        case 'back':
          this.out = false;
          return runtime.comeBack();
        case 'lose-events':
          return runtime.loseEventStream();
        case 'restart-monitor':
          return void (await this.world.restart());
        case 'reboot':
          return this.out ? undefined : void (await this.world.reboot());
        case 'jump':
          this.jumped = true;
          return clock.jumpWallClock(step.ms);
      }
    }
    const { monitor } = this.world;
    const { name } = step;
    if (!this.has(name)) {
      if (step.do === 'recreate') runtime.add({ name });
      return;
    }
    const container = runtime.peek(name);
    const up = container.state === 'running' && !container.processVanished;
    switch (step.do) {
      case 'crash':
        if (up) runtime.crash(name, step.code);
        return;
      case 'vanish':
        if (up) runtime.vanish(name);
        return;
      case 'kill':
        if (up) runtime.userKill(name);
        return;
      case 'stop':
        return container.processVanished ? undefined : runtime.userStop(name);
      case 'start':
        return void (await runtime.userStart(name).catch(() => undefined));
      case 'api-stop':
        return this.ask(name, () => monitor.stop(name, 'ann').then(() => void this.off.add(name)));
      case 'api-start':
        return this.ask(name, () => {
          this.off.delete(name);
          return monitor.start(name, 'ann');
        });
      case 'hold':
        return this.ask(name, () => monitor.hold(name, 'backup', 'ann').then(() => void this.off.add(name)));
      case 'release':
        return this.ask(name, () => {
          this.off.delete(name);
          return monitor.release(name, 'ann');
        });
      case 'retry':
        return this.ask(name, () => monitor.retry(name, 'ann'));
      case 'ail':
        if (up && container.healthCheck) runtime.setHealth(name, 'unhealthy');
        return;
      case 'heal':
        if (up && container.healthCheck) runtime.setHealth(name, 'healthy');
        return;
      case 'refuse':
        return runtime.refuseStart(name, 'busy');
      case 'accept':
        return runtime.refuseStart(name, null);
      case 'dies-soon':
        return runtime.onStart(name, { diesAfterMs: 2 * SECOND }, {});
      case 'remove':
        return runtime.remove(name);
      case 'recreate':
        return void runtime.recreate(name);
    }
  }

  /** A person's own act may go against everything; what it leaves is what counts. */
  private async ask(name: string, work: () => Promise<unknown>): Promise<void> {
    this.byPerson = name;
    const wished = this.off.has(name);
    // A start that the engine refuses was wished all the same, and is tried again.
    const stillOff = () => wished && this.viewOf(name)?.desired !== 'running';
    const asked = work().catch(() => void (stillOff() ? this.off.add(name) : undefined));
    for (let turn = 0; turn < 3; turn++) await this.world.settle();
    await Promise.race([asked, this.world.settle()]);
    this.byPerson = null;
    // Who starts at the engine what is off wishes it running.
  }

  async pass(ms: number): Promise<void> {
    await this.world.advance(ms, ms > MINUTE ? 5 * SECOND : 250);
    // A start at the engine's own command line ends a wish of ours.
    for (const name of FLEET) {
      if (this.has(name) && this.world.runtime.peek(name).state === 'running') this.off.delete(name);
    }
    for (const name of FLEET) {
      const hold = this.world.monitor.containers().find((view) => view.name === name)?.hold;
      if (hold) this.off.add(name);
    }
    if (this.out) return;
    for (const view of this.world.monitor.containers()) {
      if (view.decision.reason === '') this.broken.push(`no reason for ${view.name}`);
      if (view.attempts > MAX_ATTEMPTS) this.broken.push(`${view.attempts} attempts on ${view.name}`);
    }
  }

  /** Every fault ends; whoever is wished running is to be well again after the longest wait there is. */
  async recover(): Promise<string[]> {
    const { runtime } = this.world;
    this.out = false;
    runtime.comeBack();
    for (const name of FLEET) {
      if (!this.has(name)) runtime.add({ name });
      runtime.refuseStart(name, null);
      runtime.onStart(name, {});
      const { healthCheck, state } = runtime.peek(name);
      if (healthCheck && state === 'running') runtime.setHealth(name, 'healthy');
    }
    await this.pass(MINUTE);
    await this.pass(HOUR);
    await this.pass(20 * MINUTE);
    const present = new Set(this.world.monitor.containers().map((view) => view.name));
    const missing = FLEET.filter((name) => !present.has(name)).map((name) => `${name}: no view`);
    const ill = this.world.monitor.containers().flatMap(({ name, desired, status, decision }) => {
      const onPurpose = ['finished', 'asked-to-stop', 'waiting-for-dependency'].includes(decision.code);
      return desired !== 'running' || status === 'healthy' || onPurpose
        ? []
        : [`${name}: ${status}, ${decision.reason}`];
    });
    return [...missing, ...ill];
  }
}

describe('whatever happens', () => {
  it(
    'starts nothing that is off, held or not ready to start, ends its attempts, and heals in the end',
    { timeout: 120_000 },
    async () => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
      console.info(`properties: SEED=${seed}`);
      await fc.assert(
        fc.asyncProperty(engine, history, async (tells, steps) => {
          const trial = new Trial(tells);
          try {
            await trial.world.start();
            for (const [step, ms] of steps) {
              await trial.take(step);
              await trial.pass(ms);
            }
            expect(trial.broken).toEqual([]);
            expect(await trial.recover()).toEqual([]);
            expect(trial.broken).toEqual([]);
          } finally {
            await trial.world.stop();
          }
        }),
        { seed, numRuns: Number(process.env['RUNS'] ?? 40), interruptAfterTimeLimit: 100_000 },
      );
    },
  );
});
