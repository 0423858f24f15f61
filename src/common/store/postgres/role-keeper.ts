import type { StoreHealth } from '../kept/store-health.js';
import type { StoreLogger } from '../store-logger.js';
import type { LogCopy } from './log-copy.js';
import { effectsOf, OUTSIDE, type RoleState } from './role.js';

/** The role as it is now; with each change of it, what follows at once is done. */
export class RoleKeeper {
  private current: RoleState = OUTSIDE;

  /** `name`: the database's, as messages show it. */
  constructor(
    private readonly name: string,
    private readonly log: LogCopy,
    private readonly health: StoreHealth,
    private readonly logger: StoreLogger,
  ) {}

  get state(): RoleState {
    return this.current;
  }

  become(next: RoleState): void {
    const before = this.current;
    const { announces, beginsEpoch } = effectsOf(before, next);
    this.current = next;
    if (beginsEpoch) this.log.state.beginEpoch();
    if (announces === null) return;
    const reason = this.reasonOf(announces);
    // A cut was logged as the failure that it is, and what is read at the start is no news.
    if (announces !== 'cut-off' && before.is !== 'outside') this.logger.log(reason);
    this.health.reloaded(reason);
  }

  private reasonOf(role: 'leading' | 'following' | 'cut-off'): string {
    switch (role) {
      case 'leading':
        return `This replica leads now. The database ${this.name} was read anew.`;
      case 'following':
        return `This replica follows now: another one leads, or may. The database ${this.name} was read anew.`;
      case 'cut-off':
        return `The database ${this.name} does not answer. This process goes on with what it read.`;
    }
  }
}
