import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../testing/manual-clock.js';
import { WriterRole } from './writer-role.js';

/** A lease that others have, or not. */
class Lease {
  isFree = true;
  asked = 0;
  released = 0;
  acquire(): Promise<boolean> {
    this.asked++;
    return Promise.resolve(this.isFree);
  }
  release(): void {
    this.released++;
  }
}

describe('WriterRole', () => {
  let lease: Lease;
  let clock: ManualClock;
  let role: WriterRole;
  beforeEach(() => {
    lease = new Lease();
    clock = new ManualClock();
    role = new WriterRole(lease, clock);
  });
  const is = (): boolean[] => [role.hasLease, role.isTakingOver, role.isWriter];

  it('is the writer at once when no other process is', async () => {
    expect(await role.claim()).toBe(true);
    expect(is()).toEqual([true, false, true]);
    clock.advance(5_000);
    expect(role.isCheckDue()).toBe(false);
  });

  it('stands by while another process is the writer, and asks again each second', async () => {
    lease.isFree = false;
    expect(await role.claim()).toBe(false);
    expect(is()).toEqual([false, false, false]);
    const due: boolean[] = [];
    for (const milliseconds of [0, 999, 1]) {
      clock.advance(milliseconds);
      due.push(role.isCheckDue());
    }
    expect(due).toEqual([false, false, true]);
    expect(await role.tryTakeOver()).toBe(false);
    expect([role.isCheckDue(), is()]).toEqual([false, [false, false, false]]);
  });

  it('has the lease when the other process is gone, but acts only when the takeover is complete', async () => {
    lease.isFree = false;
    await role.claim();
    lease.isFree = true;
    expect(await role.tryTakeOver()).toBe(true);
    expect(is()).toEqual([true, true, false]);
    role.completeTakeOver();
    expect(is()).toEqual([true, false, true]);
  });

  it('has nothing to complete while it stands by', async () => {
    lease.isFree = false;
    await role.claim();
    role.completeTakeOver();
    expect(is()).toEqual([false, false, false]);
  });

  it('gives the lease back, also in the middle of a takeover', async () => {
    await role.tryTakeOver();
    role.release();
    role.completeTakeOver();
    expect([lease.released, is()]).toEqual([1, [false, false, false]]);
  });
});
