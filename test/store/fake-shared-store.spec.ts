import { FakeDatabase, type FakeSharedStore } from '../support/fake-shared-store.js';
import { ManualClock } from '../../src/testing/manual-clock.js';
import { describeSharedStore, type Process, type SharedMedium } from './shared-store.contract.js';

/** Time passes a hundred times as fast as it does, for what is to happen by itself. */
class FakeMedium implements SharedMedium {
  private readonly clock = new ManualClock();
  private readonly database = new FakeDatabase(this.clock);
  private readonly stores: FakeSharedStore[] = [];
  private readonly heart = setInterval(() => {
    this.clock.advance(1_000);
    for (const store of this.stores) void store.tick();
  }, 10);

  process(): Promise<Process> {
    const store = this.database.handle();
    this.stores.push(store);
    return Promise.resolve({ store, cutOff: () => store.cutOff(), reconnect: () => store.reconnect() });
  }

  async dispose(): Promise<void> {
    clearInterval(this.heart);
    for (const store of this.stores) await store.close();
  }
}

describeSharedStore('the memory of a test', () => Promise.resolve(new FakeMedium()));
