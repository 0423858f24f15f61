import type { Connection } from './connection.js';
import { putAnswer, takeQuestions } from './question-table.js';

type Answer = (question: unknown) => Promise<unknown>;

/** What others ask while this process leads. */
export class Answering {
  private answer: Answer = () => Promise.resolve(null);
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

  /** Takes what is asked, and begins to answer it. Rejects as the database does. */
  async take(connection: Connection, term: number): Promise<void> {
    for (const { id, question } of await takeQuestions(connection, this.id, term)) {
      void this.begin(id, question);
    }
  }

  /** Writes what was answered; to be called when all that was done is written. Rejects as the database does. */
  async write(connection: Connection, term: number): Promise<void> {
    for (const [id, answer] of [...this.answers]) {
      await putAnswer(connection, { id: this.id, term }, id, answer);
      this.answers.delete(id);
    }
  }

  private async begin(id: string, question: string): Promise<void> {
    // It never rejects; one that does leaves its asker with `no-answer`.
    const answer = await this.answer(JSON.parse(question)).then(textOf, () => null);
    if (answer === null) return;
    this.answers.set(id, answer);
    this.wake();
  }

  /** Another process leads: nobody waits for the answers of this one. */
  forget(): void {
    this.answers.clear();
  }
}

const textOf = (answer: unknown): string => JSON.stringify(answer ?? null);
