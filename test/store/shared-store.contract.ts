import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  UnansweredError,
  type FollowedChange,
  type HealthStore,
  type SharedStore,
} from '../../src/common/store/index.js';
import { exited, idsOf, noticesOf, notification, putNotification } from './store-fixtures.js';

/** What a store shows to others that is shared. */
export type SharedHealthStore = Omit<Pick<HealthStore, keyof HealthStore>, 'shared'> & {
  readonly shared: SharedStore;
};

/** One process of several, which can be taken away from the others. */
export interface Process {
  /** Not yet open. */
  readonly store: SharedHealthStore;
  /** It hears nobody, and nobody hears it. */
  cutOff(): void;
  /** They hear each other again. */
  reconnect(): void;
}

/** What several processes have open. */
export interface SharedMedium {
  process(): Promise<Process>;
  /** Closes what is open, and forgets all. */
  dispose(): Promise<void>;
}

/** What every store keeps to that several processes have open at once. */
export function describeSharedStore(kind: string, make: () => Promise<SharedMedium>): void {
  describe(`SharedStore in ${kind}`, () => {
    let medium: SharedMedium;
    beforeEach(async () => {
      medium = await make();
    });
    afterEach(() => medium.dispose());

    async function opened(reaches = 1): Promise<Process> {
      const process = await medium.process();
      process.store.shared.sayReach(reaches);
      await process.store.open();
      return process;
    }
    const roles = (...processes: readonly Process[]): string[] =>
      processes.map(({ store }) => store.shared.role);
    function followedBy({ store }: Process): FollowedChange[] {
      const followed: FollowedChange[] = [];
      store.shared.onFollowed((change) => followed.push(change));
      return followed;
    }
    const eventsIn = (changes: readonly FollowedChange[]): number[] =>
      changes.flatMap(({ events }) => events.map(({ seq }) => seq));

    describe('who leads', () => {
      it('is the first that opens it; others follow, and all see each other', async () => {
        const first = await opened();
        const second = await opened();
        expect(roles(first, second)).toEqual(['leading', 'following']);
        expect([first.store.writer, second.store.writer]).toEqual([true, false]);
        expect(first.store.shared.leaseLeftMs()).toBeGreaterThan(0);
        expect(second.store.shared.leaseLeftMs()).toBe(0);
        expect(second.store.status).toMatchObject({ durable: true, problem: null });
        const all = [
          { id: first.store.shared.id, leads: true, reaches: 1 },
          { id: second.store.shared.id, leads: false, reaches: 1 },
        ];
        for (const { store } of [first, second]) {
          await expect.poll(() => store.shared.replicas).toMatchObject(all);
        }
      });

      it('is another one when the leader closes: with a new term, once all have read anew', async () => {
        const first = await opened();
        await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
        const second = await opened();
        const notices = noticesOf(second.store);
        const { term } = first.store.shared;
        let writerWhenTold: boolean | null = null;
        second.store.onNotice(() => void (writerWhenTold = second.store.writer));
        await first.store.close();
        await expect.poll(() => second.store.writer).toBe(true);
        expect([writerWhenTold, notices.map((notice) => notice.kind)]).toEqual([false, ['reloaded']]);
        expect(second.store.shared.term).toBe(term + 1);
        expect((await second.store.commit({ events: [exited('b')] }))[0]?.seq).toBe(2);
      });

      it('is another one when the leader is gone without a word', async () => {
        const first = await opened();
        await first.store.commit({ events: [exited('a')] });
        const second = await opened();
        first.cutOff();
        await expect.poll(() => second.store.writer).toBe(true);
        expect([second.store.epoch, second.store.head]).toEqual([second.store.epoch, 1]);
      });

      it('never is one that reaches fewer engines than another', async () => {
        const first = await opened(2);
        const second = await opened(1);
        const third = await opened(2);
        await expect.poll(() => second.store.shared.replicas.length).toBe(3);
        await first.store.close();
        await expect.poll(() => third.store.writer).toBe(true);
        expect(second.store.writer).toBe(false);
      });

      it('changes when another one has reached more engines for a while', async () => {
        const first = await opened(1);
        const second = await opened(1);
        const notices = noticesOf(first.store);
        second.store.shared.sayReach(2);
        await expect.poll(() => roles(first, second)).toEqual(['following', 'leading']);
        expect(notices.map((notice) => notice.kind)).toContain('reloaded');
      });

      it('is nobody twice: a former leader that comes back is refused, follows, and keeps nothing of its own', async () => {
        const first = await opened();
        await first.store.commit({ put: [putNotification('n')], events: [exited('a')] });
        const second = await opened();
        first.cutOff();
        const [told] = await first.store.commit({
          put: [putNotification('diverged')],
          events: [exited('diverged')],
        });
        expect([told?.seq, first.store.shared.role]).toEqual([2, 'cut-off']);
        expect(first.store.status.durable).toBe(false);
        await expect.poll(() => second.store.writer).toBe(true);
        await second.store.commit({ events: [exited('b')] });
        first.reconnect();
        await expect.poll(() => roles(first, second)).toEqual(['following', 'leading']);
        expect([first.store.epoch, first.store.head]).toEqual([second.store.epoch, 2]);
        expect(await idsOf(first)).toEqual(['n']);
        const log = (await first.store.events({ limit: 9 })).map(({ container }) => container);
        expect(log).toEqual(['a', 'b']);
      });

      it('stays the same when no other led in between, and loses nothing', async () => {
        const only = await opened();
        const { term } = only.store.shared;
        const { epoch } = only.store;
        only.cutOff();
        await only.store.commit({ put: [putNotification('n')], events: [exited('a')] });
        expect([only.store.shared.role, only.store.shared.leaseLeftMs()]).toEqual(['cut-off', 0]);
        expect(only.store.epoch).not.toBe(epoch);
        only.reconnect();
        await expect.poll(() => only.store.writer).toBe(true);
        expect([only.store.shared.term, only.store.status.durable]).toEqual([term, true]);
        const other = await opened();
        expect([other.store.head, await idsOf(other)]).toEqual([1, ['n']]);
        expect(other.store.epoch).toBe(only.store.epoch);
      });

      it('is not one that cannot reach it when it opens: that goes on by itself, and then follows', async () => {
        const first = await opened();
        await first.store.commit({ events: [exited('a')] });
        const second = await medium.process();
        second.cutOff();
        await second.store.open();
        expect((await second.store.commit({ events: [exited('stray')] })).map(({ seq }) => seq)).toEqual([1]);
        expect([roles(second), second.store.status.durable]).toEqual([['cut-off'], false]);
        second.reconnect();
        await expect.poll(() => roles(first, second)).toEqual(['leading', 'following']);
        expect(await second.store.events({ limit: 9 })).toMatchObject([{ seq: 1, container: 'a' }]);
      });

      it('begins a new epoch each time it is cut off, so that a seq names one event in each', async () => {
        const first = await opened();
        await first.store.commit({ events: [exited('a')] });
        first.cutOff();
        await first.store.commit({ events: [exited('b')] });
        first.reconnect();
        await expect.poll(() => first.store.writer).toBe(true);
        const second = await opened();
        const { epoch } = first.store;
        expect([second.store.epoch, second.store.head]).toEqual([epoch, 2]);
        first.cutOff();
        const [told] = await first.store.commit({ events: [exited('only here')] });
        expect([told?.seq, first.store.epoch === epoch]).toEqual([3, false]);
        await expect.poll(() => second.store.writer).toBe(true);
        const [there] = await second.store.commit({ events: [exited('c')] });
        expect([there?.seq, second.store.epoch]).toEqual([3, epoch]);
      });
    });

    describe('what is followed', () => {
      it('is all that the leader commits, once each and in order, when it is in the documents', async () => {
        const first = await opened();
        await first.store.commit({ put: [putNotification('a')], events: [exited('a')] });
        const second = await opened();
        const followed = followedBy(second);
        expect([second.store.epoch, second.store.head]).toEqual([first.store.epoch, 1]);
        for (let count = 0; count < 20; count++) {
          await first.store.commit({ put: [putNotification(`n${count}`)], events: [exited(`c${count}`)] });
        }
        await first.store.commit({ remove: [{ collection: 'notification', key: 'n3' }] });
        await expect
          .poll(() => followed.flatMap(({ remove }) => remove))
          .toEqual([{ collection: 'notification', key: 'n3' }]);
        expect(eventsIn(followed)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
        expect(second.store.head).toBe(21);
        expect(await idsOf(second)).toEqual(await idsOf(first));
      });

      it('holds the whole events, as the leader told them, and they can be read', async () => {
        const first = await opened();
        const second = await opened();
        const followed = followedBy(second);
        const told = await first.store.commit({ events: [exited('a')] });
        await expect.poll(() => followed.flatMap(({ events }) => events)).toEqual(told);
        expect(await second.store.events({ limit: 9 })).toEqual(told);
      });

      it('is in the documents when it is told', async () => {
        const first = await opened();
        const second = await opened();
        const seen: unknown[] = [];
        second.store.shared.onFollowed(
          () => void second.store.all('notification').then((all) => seen.push(all)),
        );
        await first.store.commit({ put: [putNotification('n')] });
        await expect.poll(() => seen).toEqual([[notification('n')]]);
      });

      it('is nothing that a follower commits: only the leader decides', async () => {
        const first = await opened();
        const second = await opened();
        expect(await second.store.commit({ put: [putNotification('n')], events: [exited('a')] })).toEqual([]);
        expect([first.store.head, second.store.head]).toEqual([0, 0]);
        expect(await idsOf(second)).toEqual([]);
      });

      it('goes on over a change of the leader', async () => {
        const first = await opened();
        const second = await opened();
        const third = await opened();
        const followed = followedBy(third);
        await first.store.commit({ events: [exited('a')] });
        await expect.poll(() => eventsIn(followed)).toEqual([1]);
        await first.store.close();
        await expect.poll(() => roles(second, third)).toContain('leading');
        const leader = [second, third].find(({ store }) => store.writer)!;
        await leader.store.commit({ events: [exited('b')] });
        await expect.poll(() => [second.store.head, third.store.head]).toEqual([2, 2]);
        if (leader === second) expect(eventsIn(followed)).toEqual([1, 2]);
      });

      it('outlasts a listener that fails', async () => {
        const first = await opened();
        const second = await opened();
        second.store.shared.onFollowed(() => {
          throw new Error('broken');
        });
        const followed = followedBy(second);
        await first.store.commit({ events: [exited('a')] });
        await first.store.commit({ events: [exited('b')] });
        await expect.poll(() => eventsIn(followed)).toEqual([1, 2]);
      });
    });

    describe('what is asked', () => {
      const kindOf = (asked: Promise<unknown>): Promise<unknown> =>
        asked.then(
          () => 'answered',
          (error: unknown) => (error instanceof UnansweredError ? error.kind : error),
        );

      it('is answered by the leader, where it was asked', async () => {
        const first = await opened();
        const second = await opened();
        for (const { store } of [first, second]) {
          store.shared.onAsked((question) => Promise.resolve({ by: store.shared.id, question }));
        }
        const answer = { by: first.store.shared.id, question: { restart: 'a' } };
        expect(await second.store.shared.ask({ restart: 'a' }, 30_000)).toEqual(answer);
        expect(await first.store.shared.ask({ restart: 'a' }, 30_000)).toEqual(answer);
      });

      it('may be much at once, and is each done once', async () => {
        const first = await opened();
        const second = await opened();
        const done: unknown[] = [];
        first.store.shared.onAsked((question) => Promise.resolve(done.push(question)).then(() => question));
        const questions = Array.from({ length: 20 }, (_, index) => index);
        const answers = questions.map((question) => second.store.shared.ask(question, 30_000));
        expect(await Promise.all(answers)).toEqual(questions);
        expect(done.sort((one, other) => Number(one) - Number(other))).toEqual(questions);
      });

      it('is not withdrawn once it was taken, however long it takes', async () => {
        const first = await opened();
        const second = await opened();
        let answer: ((value: unknown) => void) | undefined;
        first.store.shared.onAsked(() => new Promise((resolve) => (answer = resolve)));
        const asked = second.store.shared.ask('slow', 1_000);
        await expect.poll(() => answer).toBeDefined();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        answer!('done');
        expect(await asked).toBe('done');
      });

      it('is withdrawn by the deadline when nobody leads, and is not done later', async () => {
        const first = await opened(2);
        const second = await opened(1);
        await expect.poll(() => second.store.shared.replicas.length).toBe(2);
        const done: unknown[] = [];
        second.store.shared.onAsked((question) => Promise.resolve(done.push(question)));
        first.cutOff();
        await expect.poll(() => first.store.shared.role).toBe('cut-off');
        expect(await kindOf(second.store.shared.ask('early', 300))).toBe('no-leader');
        await expect.poll(() => second.store.writer).toBe(true);
        expect(await second.store.shared.ask('late', 30_000)).toBe(1);
        expect(done).toEqual(['late']);
      });

      it('has no answer when the leader is gone that took it', async () => {
        const first = await opened();
        const second = await opened();
        let isTaken = false;
        first.store.shared.onAsked(() => {
          isTaken = true;
          return new Promise(() => undefined);
        });
        const asked = kindOf(second.store.shared.ask('lost', 30_000));
        await expect.poll(() => isTaken).toBe(true);
        first.cutOff();
        expect(await asked).toBe('no-answer');
      });

      it('has no leader where the store cannot be reached', async () => {
        const first = await opened();
        const second = await opened();
        first.store.shared.onAsked(() => Promise.resolve('done'));
        second.cutOff();
        await expect.poll(() => second.store.shared.role).toBe('cut-off');
        expect(await kindOf(second.store.shared.ask('x', 500))).toBe('no-leader');
      });
    });
  });
}
