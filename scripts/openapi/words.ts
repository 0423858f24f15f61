import type { Schema } from './schema.js';

/** Longer lists are in the document alone. */
const MOST_VALUES = 8;

/** Which type something is, as a reader of TypeScript knows it. */
export function typeInWords(schema: Schema): string {
  const { $ref, type, anyOf, items } = schema;
  if ($ref !== undefined) return `\`${$ref.split('/').at(-1)}\``;
  if (anyOf) return anyOf.map(typeInWords).join(' or ');
  if (type === 'array' && items) return `${typeInWords(items)} list`;
  return [type].flat().join(' or ');
}

/** What is let through, in words: `integer from 2 to 3,000`, `` `open` or `resolved` ``. */
export function constraintsInWords(schema: Schema): string {
  const types = [schema.type].flat().filter((type) => type !== undefined);
  const inWords =
    { array: list, string: text, integer: number, number }[types[0] ?? ''] ?? (() => `${types[0]}`);
  return [inWords(schema), ...(types.includes('null') ? ['`null`'] : [])].join(', or ');
}

function list({ items = {}, minItems, maxItems }: Schema): string {
  return `list${range(minItems, maxItems, ' of')}: ${constraintsInWords(items)}`;
}

function text({ enum: values, maxLength }: Schema): string {
  if (!values)
    return `text${range(undefined, maxLength, ' of')}${maxLength === undefined ? '' : ' characters'}`;
  const named = values.filter((value) => value !== null).map((value) => `\`${value as string}\``);
  if (named.length <= MOST_VALUES) return oneOf(named);
  return `a word such as ${named[0]}`;
}

function number({ type, minimum, maximum }: Schema): string {
  return `${[type].flat()[0]}${range(minimum, maximum, ' from')}`;
}

function range(least: number | undefined, most: number | undefined, word: string): string {
  if (most === undefined) return least === undefined ? '' : `${word} ${grouped(least)} on`;
  return least === undefined
    ? `${word} at most ${grouped(most)}`
    : `${word} ${grouped(least)} to ${grouped(most)}`;
}

const grouped = (value: number): string => value.toLocaleString('en-US');

const oneOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
