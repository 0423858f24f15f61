import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: any;
}

/** `dist/openapi.json`: `npm run build` comes first. */
export const document = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../dist/openapi.json'), 'utf8'),
);

export const calls: readonly Call[] = Object.entries<any>(document.paths).flatMap(([at, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method, path: at, operation })),
);

export const nameOf = ({ method, path: at }: Pick<Call, 'method' | 'path'>): string =>
  `${method.toUpperCase()} ${at}`;

const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
ajv.addSchema(withoutMore(document), 'openapi');
const coercing = new Ajv2020({ strict: false, coerceTypes: true });

/** What is wrong with a value by a schema of the document, at that pointer; `[]`: nothing. */
export function problemsBy(pointer: string, value: unknown): string[] {
  const check = ajv.getSchema(`openapi#${pointer}`) as ValidateFunction;
  return check(value) ? [] : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** Whether a parameter's text is one that its schema admits. */
export function admitsText(schema: object, text: string): boolean {
  return coercing.validate({ type: 'object', properties: { value: schema } }, { value: text });
}

/** The schema of an answer: a pointer to it, with its type of content; `null` where the document knows no such answer. */
export function answerOf(
  { method, path: at, operation }: Call,
  status: number,
): { pointer: string; type: string | null } | null {
  const answer = operation.responses[status];
  if (!answer) return null;
  const pointer = answer.$ref?.slice(1) ?? `/paths/${escaped(at)}/${method}/responses/${status}`;
  const { content = {} } = answer.$ref
    ? document.components.responses[answer.$ref.split('/').at(-1)]
    : answer;
  const [type = null] = Object.keys(content);
  return { pointer: type === null ? pointer : `${pointer}/content/${escaped(type)}/schema`, type };
}

export const bodyOf = ({ method, path: at, operation }: Call): { pointer: string; schema: any } | null => {
  const schema = operation.requestBody?.content['application/json'].schema;
  if (!schema) return null;
  const pointer = `/paths/${escaped(at)}/${method}/requestBody/content/application~1json/schema`;
  return { pointer, schema: document.components.schemas[schema.$ref.split('/').at(-1)] };
};

export const escaped = (key: string): string =>
  encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The models may get more fields in a later version; in this one, each has to be described. */
function withoutMore(described: any): any {
  const closed = (value: any): any => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(closed);
    const parts = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]));
    const isModel = typeof value.properties === 'object' && 'object' === [value.type].flat()[0];
    return isModel && !('additionalProperties' in value) ? { ...parts, additionalProperties: false } : parts;
  };
  return {
    ...described,
    components: { ...described.components, schemas: closed(described.components.schemas) },
  };
}
