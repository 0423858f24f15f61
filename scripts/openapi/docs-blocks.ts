import { format } from 'prettier';
import type { Answer } from './answers.js';
import type { Schema } from './schema.js';
import { constraintsInWords, typeInWords } from './words.js';

/** What the tables need of the document. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

interface Call {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly { readonly bearer: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface NamedCall extends Call {
  readonly name: string;
  readonly query: readonly Parameter[];
}

type Row = readonly string[];

/** What a block may be made of: its word in the marker, then which tags it is about. */
const BLOCKS: Readonly<Record<string, (document: Described, tags: readonly string[]) => Row[]>> = {
  calls: (document, tags) => [['call', 'who', 'does', 'answers'], ...callsOf(document, tags).map(callRow)],
  fields: (document, tags) => [
    ['of', 'field', 'what'],
    ...callsOf(document, tags).flatMap((call) => fieldRows(call, document)),
  ],
  refusals: ({ components: { responses } }) => [
    ['answer', 'means'],
    ...Object.entries(responses).map(([name, { description }]) => [name.replace('Refused', ''), description]),
  ],
};

const BLOCK = /(<!-- openapi\.json: (\w+)((?: \w+)*) -->)[\s\S]*?(<!-- end -->)/g;

/**
 * A text in which everything between `<!-- openapi.json: calls TAG TAG -->` and `<!-- end -->` is the table that this asks
 * for: `calls`, their `fields`, or the `refusals` that there are.
 */
export async function withBlocks(text: string, document: Described): Promise<string> {
  const made = text.replace(BLOCK, (_, begin: string, kind: string, tags: string, end: string) => {
    const block = BLOCKS[kind];
    if (!block) throw new Error(`There is no block ${kind}: ${Object.keys(BLOCKS).join(', ')}.`);
    return `${begin}\n\n${table(block(document, tags.split(' ').filter(Boolean)))}\n\n${end}`;
  });
  return format(made, { parser: 'markdown', singleQuote: true, trailingComma: 'all', printWidth: 110 });
}

function callsOf({ paths }: Described, tags: readonly string[]): NamedCall[] {
  return (
    Object.entries(paths)
      // The same calls of another host: a sentence says so.
      .filter(([path]) => !path.startsWith('/hosts/'))
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, call]) => ({
          ...call,
          name: `${method.toUpperCase()} ${path.slice(1).replace(/\{(\w+)\}/g, ':$1')}`,
          query: (call.parameters ?? []).filter((one) => one.in === 'query'),
        })),
      )
      .filter((call) => call.tags.some((tag) => tags.includes(tag)))
  );
}

function callRow(call: NamedCall): Row {
  const { name, query, security, description, summary, responses } = call;
  const asked = query.length === 0 ? '' : `?${query.map((one) => one.name).join('&')}`;
  const who = security[0]?.bearer[0] ?? 'anybody';
  return [`\`${name}${asked}\``, who, description ?? `${summary}.`, answerInWords(responses)];
}

function answerInWords(responses: Call['responses']): string {
  const [status = '', { content = {} } = {}] =
    Object.entries(responses).find(([key]) => key.startsWith('2')) ?? [];
  const [type, body] = Object.entries(content)[0] ?? [];
  const inWords = !type ? 'nothing' : type === 'application/json' ? typeInWords(body!.schema) : 'text';
  return status === '200' ? inWords : `${status}, ${inWords}`;
}

function fieldRows(call: NamedCall, document: Described): Row[] {
  const schema = call.requestBody?.content['application/json']?.schema;
  const { properties = {}, required = [] } = schema ? resolved(schema, document) : {};
  const ofBody = Object.entries(properties).map(([name, field]) => ({
    name,
    schema: field,
    required: required.includes(name),
    description: field.description,
  }));
  const asked = call.query.map((field) => ({ ...field, name: `?${field.name}` }));
  return [...asked, ...ofBody].map((field, index) => [
    index === 0 ? `\`${call.name}\`` : '',
    `\`${field.name}\`${field.required ? ', needed' : ''}`,
    [constraintsInWords(field.schema), field.description ?? ''].filter(Boolean).join('. '),
  ]);
}

function resolved(schema: Schema, { components }: Described): Schema {
  return schema.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1)!]!;
}

function table([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
