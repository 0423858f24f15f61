import { BadGatewayException, ConflictException, HttpException, Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HealthStore, ReplicaRole } from '../store/index.js';
import { ByLeader } from './by-leader.decorator.js';
import { Leader } from './leader.js';

type Answer = (question: unknown) => Promise<unknown>;

/** What the processes have in common: whoever leads answers, by way of plain text. */
class Wire {
  readonly sent: string[] = [];
  private answer: Answer = () => Promise.reject(new Error('Nobody answers.'));

  store(role: ReplicaRole): Pick<HealthStore, 'shared'> {
    const ask = async (question: unknown): Promise<unknown> => {
      this.sent.push(JSON.stringify(question));
      return JSON.parse(JSON.stringify(await this.answer(JSON.parse(this.sent.at(-1)!)))) as unknown;
    };
    const onAsked = (answer: Answer): void => {
      if (role === 'leading') this.answer = answer;
    };
    return { shared: { role, ask, onAsked } as unknown as HealthStore['shared'] };
  }
}

class Kitchen {
  readonly cooked: unknown[][] = [];

  constructor(readonly leader?: Leader) {
    leader?.leads('kitchen', this);
  }

  @ByLeader()
  async cook(dish: string, spice?: { readonly hot?: boolean }): Promise<string> {
    this.cooked.push([dish, spice]);
    if (dish === 'burnt') throw new ConflictException('It is burnt.');
    if (dish === 'raw') throw new BadGatewayException(['It is raw.', 'It is cold.']);
    if (dish === 'odd') throw new HttpException('A teapot.', 418);
    if (dish === 'broken') throw new Error('secret words');
    return Promise.resolve(`${dish}, done`);
  }

  @ByLeader()
  async clean(): Promise<void> {
    this.cooked.length = 0;
    return Promise.resolve();
  }

  async steal(): Promise<string> {
    return Promise.resolve('everything');
  }
}

function kitchens() {
  const wire = new Wire();
  const leading = new Leader(wire.store('leading'));
  const following = new Leader(wire.store('following'));
  return { wire, following, there: new Kitchen(leading), here: new Kitchen(following) };
}

describe('what is done by the leader', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('runs there, with what it was given, and comes back', async () => {
    const { there, here } = kitchens();
    expect(await here.cook('soup', { hot: true })).toBe('soup, done');
    expect([there.cooked, here.cooked]).toEqual([[['soup', { hot: true }]], []]);
    expect(await here.clean()).toBeUndefined();
    expect(there.cooked).toEqual([]);
  });

  it('is given nothing in place of what was left out', async () => {
    const { there, here } = kitchens();
    await here.cook('soup', undefined);
    expect(there.cooked).toEqual([['soup', undefined]]);
  });

  it('runs at once where the leader is asked, or where there is no other process', async () => {
    const { there, wire } = kitchens();
    expect(await there.cook('soup')).toBe('soup, done');
    expect(await new Kitchen().cook('soup')).toBe('soup, done');
    expect(await new Kitchen(new Leader({ shared: null })).cook('soup')).toBe('soup, done');
    expect(wire.sent).toEqual([]);
  });

  it.each(['burnt', 'raw', 'odd'])('fails in the same way: %s', async (dish) => {
    const { there, here } = kitchens();
    const failure = (kitchen: Kitchen) =>
      kitchen.cook(dish).catch((error: unknown) => error as HttpException);
    const [at, from] = [await failure(there), await failure(here)] as [HttpException, HttpException];
    expect(from).toBeInstanceOf(at.constructor);
    expect([from.getStatus(), from.getResponse(), from.message]).toEqual([
      at.getStatus(),
      at.getResponse(),
      at.message,
    ]);
  });

  it('keeps the words of an error that nobody expected to itself', async () => {
    const { here } = kitchens();
    await expect(here.cook('broken')).rejects.toMatchObject({
      status: 500,
      message: 'The replica that leads could not do it; its log says why.',
    });
  });

  it('is nothing that was not meant to be asked for', async () => {
    const { following, here } = kitchens();
    for (const method of ['steal', 'constructor', 'cooked', 'nothing']) {
      const asked = following.do(here, method, [], () => Promise.resolve('here'));
      await expect(asked).rejects.toThrow('does not know how to do this');
    }
  });
});
