import { sql } from 'kysely';
import type { Connection } from './connection.js';

/** The process that leads, and the term in which it does. */
export interface Taker {
  readonly id: string;
  readonly term: number;
}

export interface TakenQuestion {
  readonly id: string;
  readonly question: string;
}

/** In place of an answer, which is a text of JSON: it could not be answered. */
export const UNSAID = '';

/** In place of the term of who took it: nobody has to do with it any more. */
export const OVER = 0;

/** What was said is kept no longer than somebody waits for it: it may be secret. */
const BLANK = { taken_term: OVER, question: '', answer: null };

/**
 * Asks; asking the same again is no second question, nor is what arrives late: the row stays when all is over, and is
 * forgotten long after that.
 */
export async function putQuestion(
  connection: Connection,
  asker: string,
  { id, question, leftMs }: TakenQuestion & { readonly leftMs: number },
): Promise<void> {
  await connection.queries
    .insertInto('question')
    .values({ id, asked_by: asker, question, deadline: inSoMuch(leftMs) } as never)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(connection.waking(asker).as('woken'))
    .execute();
}

/**
 * Takes all that nobody took, for the leader of that term, and what it took without having heard so: that is not among
 * those that it has `begun`. None when it leads no more.
 */
export async function takeQuestions(
  connection: Connection,
  { id, term }: Taker,
  begun: readonly string[],
): Promise<readonly TakenQuestion[]> {
  const taken = await connection.queries
    .updateTable('question')
    .set({ taken_term: term })
    .where((row) =>
      row.or([
        row.and([row('taken_term', 'is', null), row('deadline', '>', sql<string>`clock_timestamp()`)]),
        row.and([
          row('taken_term', '=', term),
          row('answer', 'is', null),
          sql<boolean>`id <> all(${begun}::text[])`,
        ]),
      ]),
    )
    .where(leads(connection, id, term))
    .returning(['id', 'question', 'position'])
    .execute();
  return taken.sort((one, other) => one.position - other.position);
}

/** Writes the answer, unless another leads by now: then nobody knows what became of what was asked. */
export async function putAnswer(
  connection: Connection,
  { id, term }: Taker,
  question: string,
  answer: string,
): Promise<void> {
  await connection.queries
    .updateTable('question')
    .set({ answer })
    .where('id', '=', question)
    .where('taken_term', '=', term)
    .where('answer', 'is', null)
    .where(leads(connection, id, term))
    .execute();
  await connection.wakeOthers(connection.queries, id);
}

/** Whether nobody had taken it; then nobody will, not even when it arrives after this. */
export async function withdrawQuestion(connection: Connection, asker: string, id: string): Promise<boolean> {
  const withdrawn = await connection.queries
    .insertInto('question')
    .values({ id, asked_by: asker, deadline: inSoMuch(0), ...BLANK } as never)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(BLANK)
        .where((row) =>
          row.or([row('question.taken_term', 'is', null), row('question.taken_term', '=', OVER)]),
        ),
    )
    .returning('id')
    .execute();
  return withdrawn.length > 0;
}

/** Nobody waits for the answer any more. */
export async function dropQuestion(connection: Connection, id: string): Promise<void> {
  await connection.queries.updateTable('question').set(BLANK).where('id', '=', id).execute();
}

/** Whether something is kept of what was asked by a process that was not seen for so long: `question` is the table. */
export const isLeftBehind = (connection: Connection, goneMs: number) => sql<boolean>`
  (question <> '' or answer <> '') and not exists (
    select from ${connection.table('replica')} as replica
    where replica.id = asked_by and seen_at > clock_timestamp() - ${goneMs} * interval '1 ms')`;

/** Nobody waits for what a process asked that is gone. If it comes back, what was taken has no answer. */
export async function blankLeftBehind(connection: Connection, goneMs: number): Promise<void> {
  await sql`
    update ${connection.table('question')} set question = '',
      answer = case when taken_term is null then null else ${UNSAID} end, taken_term = coalesce(taken_term, ${OVER})
    where ${isLeftBehind(connection, goneMs)}`.execute(connection.queries);
}

const inSoMuch = (milliseconds: number) =>
  sql<string>`clock_timestamp() + ${Math.round(milliseconds)} * interval '1 ms'`;

const leads = (connection: Connection, id: string, term: number) =>
  sql<boolean>`exists (select from ${connection.table('lease')} where holder = ${id} and term = ${term})`;
