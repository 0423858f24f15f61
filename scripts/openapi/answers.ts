import type { Route } from './routes.js';
import { refTo, type Schema } from './schema.js';

/** An answer of OpenAPI, as far as the document uses it. */
export interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
export type Answers = Readonly<Record<string, Answer | { readonly $ref: string }>>;

/** What an answer that is no success means, by its status. */
const MEANING = {
  400: 'Bad input. `message` has every problem.',
  401: 'No token, or one that nobody knows; the header `www-authenticate` says which.',
  403: 'It needs an operator, or a page of another origin asks it without a token.',
  404: 'There is none of that name or id.',
  409: 'It may not be now: somebody is doing something to this container (what the monitor does is waited for), or this webhook is there already, is switched off, or is written in the configuration.',
  415: 'The body is no JSON: send `content-type: application/json`.',
  502: 'The engine refused. `message` has its words.',
  503: 'Not now: the engine does not answer, another process acts on this store, or `access.authenticate` threw.',
} as const;
type Status = keyof typeof MEANING;

const STATUS_OF: Readonly<Record<string, Status>> = {
  BadRequestException: 400,
  NotFoundException: 404,
  ConflictException: 409,
  BadGatewayException: 502,
  ServiceUnavailableException: 503,
};

/** What Nest makes of an exception. */
export const PROBLEM: Schema = {
  description: 'Why a call was refused.',
  type: 'object',
  properties: {
    statusCode: { type: 'integer' },
    message: {
      description: 'For people: what to do about it. Of bad input, every problem.',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    error: { description: 'The name of the status.', type: 'string' },
  },
  required: ['statusCode', 'message'],
};

/** Every refusal there is, for the components of the document. */
export const REFUSALS: Readonly<Record<string, Answer>> = Object.fromEntries(
  Object.entries(MEANING).map(([status, description]) => [
    `Refused${status}`,
    { description, content: { 'application/json': { schema: refTo('Problem') } } },
  ]),
);

/** The refusals of a call: those that its guards and checks give, and those that its docstring says it throws. */
export function refusalsOf({ role, query, body }: Route, throws: readonly string[]): Answers {
  const statuses: Status[] = [
    ...(query || body ? [400 as const] : []),
    ...(body ? [415 as const] : []),
    ...(role === null ? [] : [401 as const, 503 as const]),
    ...(role === 'operator' ? [403 as const] : []),
    ...throws.map(statusOf),
  ];
  return Object.fromEntries(
    [...new Set(statuses)]
      .sort()
      .map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]),
  );
}

function statusOf(exception: string): Status {
  const status = STATUS_OF[exception];
  if (status === undefined) throw new Error(`${exception} has no status in scripts/openapi/answers.ts.`);
  return status;
}
