import type { Clock } from '../../common/clock/index.js';
import type { SharedStore } from '../../common/store/index.js';
import type { ActOutcome } from '../policy/index.js';
import { actDeadlineMs } from '../runtime/index.js';
import type { Request } from '../step/index.js';
import type { CheckLoop } from './check-loop.js';
import type { ContainerActor } from './container-actor.js';
import type { Driver } from './driver.js';

/** What a person wants to be done to a container, and about which one. */
export interface PersonsAct {
  readonly name: string;
  readonly id: string;
  readonly kind: 'start' | 'stop' | 'restart';
  readonly stopTimeoutMs: number;
  /** Who asks, for the record. */
  readonly by: string;
}

/** Takes what people ask of the monitor of one host. */
export class People {
  constructor(
    private readonly clock: Clock,
    private readonly driver: Driver,
    private readonly actor: ContainerActor,
    private readonly checks: CheckLoop,
    private readonly shared: Pick<SharedStore, 'term' | 'untilFollowed'> | null,
    private readonly bringsStoreBack: (name: string) => boolean,
  ) {}

  /** Writes down what a person asks for, and does what follows. `requestAt`: what that is from the moment on in which it begins. */
  async ask(container: string, requestAt: (at: number) => Request, by: string): Promise<void> {
    await this.driver.next(() => {
      const at = this.clock.now();
      return { kind: 'asked', at, container, request: requestAt(at), by };
    });
    await this.checks.check([container]);
  }

  /** Whether the monitor has seen what there is; if not, it looks first. What it took up it knows by name only. */
  async canAsk(): Promise<boolean> {
    if (this.driver.state.lastFullCheckAt === null) await this.checks.check('all');
    return this.driver.state.lastFullCheckAt !== null;
  }

  /** Whether something is being done to it. */
  isActingOn(name: string): boolean {
    return this.actor.isActingOn(name);
  }

  /** Resolves when nothing that the monitor itself began is under way with it. */
  whenFree(name: string): Promise<void> {
    return this.actor.freeForPerson(name);
  }

  /**
   * Does what a person asks for. The wish is written down first: it counts also when this process ends in the middle.
   * The caller makes sure that nothing else is under way with the container.
   */
  async act({ by, ...order }: PersonsAct): Promise<ActOutcome> {
    const { name, kind } = order;
    const wishBefore = this.driver.state.records.get(name)?.intent.wish ?? null;
    const at = (): number => this.clock.now();
    const outcome = await this.actor.perform(
      { ...order, attempt: null, code: null, reason: null, by: 'person' },
      async () => {
        await this.driver.next(() => {
          const asked = at();
          const as = {
            until: asked + actDeadlineMs(kind, order.stopTimeoutMs),
            ...(this.shared && { term: this.shared.term }),
          };
          return { kind: 'asked', at: asked, container: name, request: { kind, as }, by };
        });
        // With it the store goes away: whoever has not read by then that a person wants this brings it back.
        if (kind !== 'start' && this.bringsStoreBack(name)) await this.shared?.untilFollowed?.();
      },
    );
    await this.driver.next(() => ({
      kind: 'acted',
      at: at(),
      act: { name, kind, attempt: null, answers: null },
      outcome,
      by,
      wishBefore,
    }));
    await this.checks.check([name]);
    return outcome;
  }
}
