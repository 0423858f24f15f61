import { HttpException, Logger, ServiceUnavailableException } from '@nestjs/common';
import { fieldsOf, isFields, isNumber, isText, type Fields } from '../shape/index.js';
import { type HealthStore, type SharedStore, UnansweredError, type UnansweredKind } from '../store/index.js';
import { stackOf } from '../text/index.js';
import { isByLeader, type Led } from './by-leader.decorator.js';
import { exceptionOf, failureOf, type Failure } from './failure.js';

/** A take-over takes less. */
const TAKEN_WITHIN_MS = 10_000;

/** A method of another process, and what it is called with. */
interface Question {
  readonly of: string;
  readonly method: string;
  readonly given: readonly unknown[];
}

/** `done` is left out where the method gives nothing. */
type Answer = { readonly done?: unknown } | { readonly failed: Failure };

const isQuestion = fieldsOf({ of: isText, method: isText, given: Array.isArray });
const isFailure = fieldsOf({ status: isNumber, body: (body) => isText(body) || isFields(body) });

const UNANSWERED: Readonly<Record<UnansweredKind, string>> = {
  'no-leader': 'No replica leads just now, so nothing was done. Try it again in a moment.',
  'no-answer': 'The replica that leads did not answer. It may have been done: look before you ask again.',
};

/** What people ask of any process is done by the one that leads; see {@link ByLeader}. */
export class Leader {
  private readonly logger = new Logger('HealthMonitor');
  private readonly led = new Map<string, Led>();

  constructor(private readonly store: Pick<HealthStore, 'shared'>) {
    store.shared?.onAsked((question) => this.answer(question));
  }

  /** From now on, the methods of this one can be asked for. @param name the same in every process */
  leads(name: string, one: Led): void {
    this.led.set(name, one);
  }

  /**
   * Has a method of `one` run by the leader. For {@link ByLeader}.
   *
   * @param here runs it in this process
   * @throws what the method throws, where that is an HttpException; ServiceUnavailableException when nobody leads, or the
   *   leader does not answer
   */
  async do(
    one: Led,
    method: string,
    given: readonly unknown[],
    here: () => Promise<unknown>,
  ): Promise<unknown> {
    const { shared } = this.store;
    if (shared?.role === 'leading') return asLeader(shared, here);
    // One that is cut off says itself what it cannot do.
    if (shared?.role !== 'following') return here();
    const of = [...this.led].find(([, led]) => led === one)?.[0];
    if (of === undefined) throw new Error(`Nobody told the leader of ${method}.`);
    const question: Question = { of, method, given: withoutEnd(given) };
    return read(await shared.ask(question, TAKEN_WITHIN_MS).catch(asException));
  }

  private async answer(question: unknown): Promise<Answer> {
    try {
      return { done: await this.run(question) };
    } catch (error) {
      if (error instanceof HttpException) return { failed: failureOf(error) };
      this.logger.error('What another replica asked for failed.', stackOf(error));
      return { failed: { status: 500, body: 'The replica that leads could not do it; its log says why.' } };
    }
  }

  private run(question: unknown): Promise<unknown> {
    if (this.store.shared?.role !== 'leading') throw new ServiceUnavailableException(UNANSWERED['no-leader']);
    const { of, method, given } = isQuestion(question) ? (question as Question) : NOTHING_ASKED;
    const one = this.led.get(of);
    const asked = (one as Fields | undefined)?.[method];
    if (!isByLeader(asked)) {
      throw new ServiceUnavailableException(
        'The replica that leads does not know how to do this: it has another version, or has only begun. Try it again when all have the same.',
      );
    }
    return asked.apply(one, [...given]);
  }
}

const NOTHING_ASKED: Question = { of: '', method: '', given: [] };

/** What was not given at the end: plain data has no word for that. */
const withoutEnd = (given: readonly unknown[]): readonly unknown[] =>
  given.slice(0, given.findLastIndex((one) => one !== undefined) + 1);

/** What was kept by a process that does not lead any more may be forgotten. */
async function asLeader(shared: Pick<SharedStore, 'role'>, here: () => Promise<unknown>): Promise<unknown> {
  const done = await here();
  if (shared.role === 'leading') return done;
  throw new ServiceUnavailableException(
    'This replica lost the lead meanwhile. It may have been done: look before you ask again.',
  );
}

function read(answer: unknown): unknown {
  if (!isFields(answer)) throw new ServiceUnavailableException(UNANSWERED['no-answer']);
  const { failed, done } = answer;
  if (isFailure(failed)) throw exceptionOf(failed as Failure);
  return done;
}

function asException(error: unknown): never {
  if (error instanceof UnansweredError) throw new ServiceUnavailableException(UNANSWERED[error.kind]);
  throw error;
}
