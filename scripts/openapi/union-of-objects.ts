import { isDeepStrictEqual } from 'node:util';
import type { Schema } from './schema.js';

/** Any of these. Objects that differ in nothing but the value of one property are written once, with all its values. */
export function unionOfObjects(schemas: readonly Schema[]): Schema {
  const merged = schemas.reduce<Schema[]>((groups, schema) => {
    const at = groups.findIndex((group) => withBoth(group, schema) !== null);
    return at < 0 ? [...groups, schema] : groups.with(at, withBoth(groups[at]!, schema)!);
  }, []);
  return merged.length === 1 ? merged[0]! : { anyOf: merged };
}

function withBoth(group: Schema, other: Schema): Schema | null {
  if (!group.properties || !other.properties) return null;
  const differing = Object.keys({ ...group.properties, ...other.properties }).filter(
    (name) => !isDeepStrictEqual(group.properties?.[name], other.properties?.[name]),
  );
  const [name] = differing;
  if (differing.length !== 1 || name === undefined || !isDeepStrictEqual(group.required, other.required))
    return null;
  const values = [...valuesOf(group.properties[name]), ...valuesOf(other.properties[name])];
  if (values.length < 2 || valuesOf(other.properties[name]).length === 0) return null;
  return { ...group, properties: { ...group.properties, [name]: { type: 'string', enum: values } } };
}

function valuesOf(schema: Schema | undefined): unknown[] {
  if (schema?.type !== 'string') return [];
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
}
