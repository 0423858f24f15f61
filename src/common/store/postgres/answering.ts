import type { Connection } from './connection.js';
import { putAnswer, takeQuestions, UNSAID } from './question-table.js';
import type { Observation } from './observation.js';

type Answer = (question: unknown) => Promise<unknown>;

/** What others ask while this process leads. */
export class Answering {
  private answer: Answer = () => Promise.resolve(null);
  /** Those that were begun here, until their answers are written. */
  private readonly begun = new Set<string>();
  /** Not written yet, by question. */
  private readonly answers = new Map<string, string>();

  /** `wake` has answers written. */
  constructor(
    private readonly id: string,
    private readonly wake: () => void,
  ) {}

  onAsked(answer: Answer): void {
    this.answer = answer;
  }

  /** The answer to what this process asks itself. */
  ask(question: unknown): Promise<unknown> {
    return this.answer(question);
  }

  /** Takes what is asked, if anything is, and begins to answer it. Rejects as the database does. */
  async take(
    connection: Connection,
    term: number,
    { isAsked, underWay }: Pick<Observation, 'isAsked' | 'underWay'>,
  ): Promise<void> {
    if (!isAsked && underWay.every((id) => this.begun.has(id))) return;
    for (const { id, question } of await takeQuestions(connection, { id: this.id, term }, [...this.begun])) {
      this.begun.add(id);
      void this.begin(id, question);
    }
  }

  /** Writes what was answered; to be called when all that was done is written. Rejects as the database does. */
  async write(connection: Connection, term: number): Promise<void> {
    for (const [id, answer] of [...this.answers]) {
      await putAnswer(connection, { id: this.id, term }, id, answer);
      this.answers.delete(id);
      this.begun.delete(id);
    }
  }

  private async begin(id: string, question: string): Promise<void> {
    this.answers.set(id, await this.answerTo(question));
    this.wake();
  }

  /** It should never reject. Of one that does, or that gives what is no plain data, the asker hears that there is none. */
  private async answerTo(question: string): Promise<string> {
    try {
      return JSON.stringify((await this.answer(JSON.parse(question))) ?? null);
    } catch {
      return UNSAID;
    }
  }

  /** Another process leads: nobody waits for the answers of this one. */
  forget(): void {
    this.answers.clear();
    this.begun.clear();
  }
}
