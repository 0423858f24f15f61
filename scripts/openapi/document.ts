import type { Type } from '@nestjs/common';
import type ts from 'typescript';
import { AnswerSchemas } from './answer-schemas.js';
import { PROBLEM, REFUSALS, refusalsOf, type Answers } from './answers.js';
import { checks } from './checks.js';
import { inputSchema } from './input-schemas.js';
import type { Route } from './routes.js';
import { refTo, type Schema } from './schema.js';
import type { Sources, WrittenCall } from './sources.js';
import { WEBHOOK_HEADERS, webhooksOf } from './webhooks.js';

export interface Parts {
  readonly version: string;
  readonly license: string;
  /** Where the module is mounted when its host says nothing. */
  readonly mount: string;
  readonly routes: readonly Route[];
  readonly sources: Sources;
  readonly notificationTypes: readonly string[];
  /** What is sent to an endpoint of format `archipelago`. */
  readonly webhookMessage: ts.Type;
}

/** OpenAPI 3.1 of all calls and webhooks. */
export function makeDocument(parts: Parts): object {
  const { version, license, mount, routes, sources, notificationTypes } = parts;
  const answers = new AnswerSchemas(sources.checker);
  const inputs = new Inputs(sources, notificationTypes);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method] = operation(route, sources, answers, inputs);
  }
  answers.of(parts.webhookMessage);
  const named: Record<string, Schema> = {
    ...Object.fromEntries(answers.named),
    ...Object.fromEntries(inputs.named),
    Problem: PROBLEM,
  };
  const events = named['WebhookMessage']?.properties?.['event']?.enum as string[];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Health monitor',
      version,
      summary: 'Watches containers, heals them, and tells people.',
      description:
        'A viewer may read; what changes something needs an operator: the role that `security` names. Answers may get more fields in a later version.',
      license: { name: license, identifier: license },
    },
    servers: [{ url: `/${mount}`, description: 'Where the module is mounted.' }],
    security: [{ bearer: [] }],
    tags: tagsOf(routes),
    paths,
    webhooks: webhooksOf(events),
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: "The token that the host's `access.authenticate` knows.",
        },
      },
      parameters: WEBHOOK_HEADERS,
      responses: REFUSALS,
      schemas: Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

/** As @nestjs/swagger calls them: a controller a tag. */
const tagOf = (controller: string): string => controller.replace(/Controller$/, '');

const tagsOf = (routes: readonly Route[]): { name: string }[] =>
  [...new Set([...routes.map(({ controller }) => tagOf(controller)), 'WebhookMessages'])].map((name) => ({
    name,
  }));

/** What calls take. A body's class becomes a schema of that name. */
class Inputs {
  readonly named = new Map<string, Schema>();
  private readonly checks: Record<string, Schema>;

  constructor(
    private readonly sources: Sources,
    notificationTypes: readonly string[],
  ) {
    this.checks = checks(notificationTypes);
  }

  body(input: Type): object {
    this.named.set(input.name, this.schema(input));
    return { required: true, content: { 'application/json': { schema: refTo(input.name) } } };
  }

  /** In a query, nothing is `null`. */
  query(input: Type): object[] {
    const { properties = {}, required = [] } = this.schema(input);
    return Object.entries(properties).map(([name, { description, type, enum: values, ...rest }]) => ({
      in: 'query',
      name,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: {
        type: [type].flat().find((one) => one !== 'null'),
        ...(values && { enum: values.filter((value) => value !== null) }),
        ...rest,
      },
    }));
  }

  private schema(input: Type): Schema {
    return inputSchema(input, this.checks, (property) => this.sources.docstring(input.name, property));
  }
}

function operation(route: Route, sources: Sources, schemas: AnswerSchemas, inputs: Inputs): object {
  const { controller, call, role, path, query, body } = route;
  const written = sources.call(controller, call);
  const parameters = [...pathParameters(path), ...(query ? inputs.query(query) : [])];
  return {
    operationId: `${controller}_${call}${isOnHost(route) ? 'OnHost' : ''}`,
    tags: [tagOf(controller)],
    ...inWords(written.description),
    security: role === null ? [] : [{ bearer: [role] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: inputs.body(body) }),
    responses: { [route.status]: success(route, written, schemas), ...refusalsOf(route, written.throws) },
  };
}

function inWords(text: string): { summary: string; description?: string } {
  const [summary = text] = /^.+?\.(?= |$)/s.exec(text) ?? [];
  return { summary: summary.replace(/\.$/, ''), ...(summary !== text && { description: text }) };
}

function success({ contentType }: Route, { answer }: WrittenCall, schemas: AnswerSchemas): Answers[string] {
  if (schemas.isNothing(answer)) return { description: 'Done.' };
  return { description: 'Done.', content: { [contentType]: { schema: schemas.of(answer) } } };
}

/** The same of another host. */
const isOnHost = ({ path }: Pick<Route, 'path'>): boolean => path.startsWith('/hosts/');

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  host: 'A name from `hosts` of the options, or `local`.',
  name: "A container's name or its app id.",
  id: 'Its id, as the list has it.',
};

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    in: 'path',
    name,
    required: true,
    ...(PATH_PARAMETERS[name] !== undefined && { description: PATH_PARAMETERS[name] }),
    schema: { type: 'string' },
  }));
}
