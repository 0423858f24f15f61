import type { Leader } from './leader.js';

/** Whoever has methods that the leader does. */
export interface Led {
  /** Left out: this process is the only one. */
  readonly leader?: Leader;
}

// A decorator cannot know what the method takes.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Method = (...given: any[]) => Promise<unknown>;

const BY_LEADER = new WeakSet<Method>();

/** Whether it is a method that any process may ask the leader for. */
export const isByLeader = (method: unknown): method is Method => BY_LEADER.has(method as Method);

/**
 * What is asked of any process, and done by the one that leads: there the method runs; elsewhere the leader is asked, and
 * what it gives or throws comes back. What it takes and gives is plain data.
 */
export function ByLeader() {
  return <T extends Method>(_prototype: Led, name: string, descriptor: TypedPropertyDescriptor<T>): void => {
    const here = descriptor.value!;
    const byLeader = function (this: Led, ...given: readonly unknown[]): Promise<unknown> {
      const runHere = (): Promise<unknown> => here.apply(this, [...given]);
      return this.leader ? this.leader.do(this, name, given, runHere) : runHere();
    };
    BY_LEADER.add(byLeader);
    descriptor.value = byLeader as T;
  };
}
