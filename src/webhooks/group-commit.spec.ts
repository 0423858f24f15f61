import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventDraft } from '../common/events/index.js';
import { EventStream, MemoryStore, type Put, type Remove, type StateChange } from '../common/store/index.js';
import type { StoredEndpoint } from './endpoint.js';
import { GroupCommit } from './group-commit.js';
import { webhookDisabled } from './webhook-disabled.js';

const endpoint = (id: string, url = 'https://home.lan/'): StoredEndpoint => ({
  id,
  url,
  format: 'archipelago',
  events: null,
  secret: null,
  enabled: true,
});
const put = (id: string, url?: string): Put => ({
  collection: 'webhook-endpoint',
  key: id,
  value: endpoint(id, url),
});
const remove = (id: string): Remove => ({ collection: 'webhook-endpoint', key: id });

/** Commits when it is let go on. */
class SlowStore extends MemoryStore {
  readonly changes: StateChange[] = [];
  fault: Error | null = null;
  private goOn: () => void = () => undefined;

  override async commit(change: StateChange): ReturnType<MemoryStore['commit']> {
    this.changes.push(change);
    await new Promise<void>((resolve) => (this.goOn = resolve));
    if (this.fault) throw this.fault;
    return super.commit(change);
  }

  /** Resolves when so many commits have begun. */
  async began(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.changes).toHaveLength(count), { timeout: 10_000 });
  }

  async finish(count: number): Promise<void> {
    await this.began(count);
    this.goOn();
  }
}

describe('GroupCommit', () => {
  let store: SlowStore;
  let group: GroupCommit;
  beforeEach(() => {
    store = new SlowStore();
    group = new GroupCommit(new EventStream(store));
  });
  const keys = ({ put = [], remove = [] }: StateChange): string[][] =>
    [put, remove].map((changes) => changes.map(({ key }) => key));

  it('gathers what changes while a commit is being written, and commits that next', async () => {
    group.add(put('a'));
    const first = group.save();
    await store.began(1);
    group.add(put('b'));
    group.add(remove('c'));
    const second = group.save();
    await store.finish(1);
    await store.finish(2);
    await Promise.all([first, second]);
    expect(store.changes.map(keys)).toEqual([
      [['a'], []],
      [['b'], ['c']],
    ]);
  });

  it('commits a document once, as it was last', async () => {
    group.add(put('a', 'https://old.lan/'));
    group.add(put('a', 'https://new.lan/'));
    const saved = group.save();
    await store.finish(1);
    await saved;
    expect(await store.all('webhook-endpoint')).toEqual([endpoint('a', 'https://new.lan/')]);
  });

  it('commits again what changed while it was being written', async () => {
    group.add(put('a', 'https://old.lan/'));
    const saved = group.save();
    await store.began(1);
    group.add(put('a', 'https://new.lan/'));
    await store.finish(1);
    await store.finish(2);
    await saved;
    expect(await store.all('webhook-endpoint')).toEqual([endpoint('a', 'https://new.lan/')]);
  });

  it('keeps a notification together with the event that announces it', async () => {
    const events: EventDraft[] = webhookDisabled('home', 'It answered 410 Gone.', 0);
    for (const event of events) group.addEvent(event);
    const saved = group.save();
    await store.finish(1);
    await saved;
    expect(store.changes).toMatchObject([
      { put: [{ collection: 'notification', value: { title: 'Webhook home was disabled' } }], events },
    ]);
  });

  it('shows documents as they will be: what the store has, under what it does not have yet', () => {
    group.add(put('changed', 'https://new.lan/'));
    group.add(remove('removed'));
    group.add(put('added'));
    group.add({ collection: 'webhook-health', key: 'kept' });
    const stored = ['kept', 'changed', 'removed'].map((id) => endpoint(id));
    expect(group.over('webhook-endpoint', stored)).toEqual([
      endpoint('kept'),
      endpoint('changed', 'https://new.lan/'),
      endpoint('added'),
    ]);
  });

  it('commits nothing when nothing has changed, or all of it was forgotten', async () => {
    group.add(put('a'));
    group.forgetChanges();
    await group.save();
    expect(store.changes).toEqual([]);
  });

  it('does not reject, and goes on, when a commit fails', async () => {
    store.fault = new Error('broken');
    group.add(put('a'));
    const saved = group.save();
    await store.finish(1);
    await saved;
    store.fault = null;
    group.add(put('b'));
    const next = group.save();
    await store.finish(2);
    await next;
    expect(await store.all('webhook-endpoint')).toEqual([endpoint('b')]);
  });
});
