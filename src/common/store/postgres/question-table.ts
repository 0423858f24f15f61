import { sql } from 'kysely';
import type { Connection } from './connection.js';

export interface TakenQuestion {
  readonly id: string;
  readonly question: string;
}

/** Asks; asking the same again is no second question. */
export async function putQuestion(
  connection: Connection,
  asker: string,
  { id, question, leftMs }: TakenQuestion & { readonly leftMs: number },
): Promise<void> {
  await connection.queries
    .insertInto('question')
    .values({
      id,
      asked_by: asker,
      question,
      deadline: sql<string>`clock_timestamp() + ${Math.round(leftMs)} * interval '1 ms'`,
    } as never)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await connection.wakeOthers(connection.queries, asker);
}

/** Takes all that nobody took, for the leader of that term; none when it leads no more. */
export async function takeQuestions(
  connection: Connection,
  id: string,
  term: number,
): Promise<readonly TakenQuestion[]> {
  const taken = await connection.queries
    .updateTable('question')
    .set({ taken_term: term })
    .where('taken_term', 'is', null)
    .where('deadline', '>', sql<string>`clock_timestamp()`)
    .where(leads(connection, id, term))
    .returning(['id', 'question', 'position'])
    .execute();
  return taken.sort((one, other) => one.position - other.position);
}

/** Writes the answer, unless another leads by now: then nobody knows what became of what was asked. */
export async function putAnswer(
  connection: Connection,
  { id, term }: { readonly id: string; readonly term: number },
  question: string,
  answer: string,
): Promise<void> {
  await connection.queries
    .updateTable('question')
    .set({ answer })
    .where('id', '=', question)
    .where('taken_term', '=', term)
    .where(leads(connection, id, term))
    .execute();
  await connection.wakeOthers(connection.queries, id);
}

/** Whether nobody had taken it; then nobody will. */
export async function withdrawQuestion(connection: Connection, id: string): Promise<boolean> {
  const { queries } = connection;
  await queries.deleteFrom('question').where('id', '=', id).where('taken_term', 'is', null).execute();
  const taken = await queries.selectFrom('question').select('id').where('id', '=', id).execute();
  return taken.length === 0;
}

export async function dropQuestion(connection: Connection, id: string): Promise<void> {
  await connection.queries.deleteFrom('question').where('id', '=', id).execute();
}

const leads = (connection: Connection, id: string, term: number) =>
  sql<boolean>`exists (select from ${connection.table('lease')} where holder = ${id} and term = ${term})`;
