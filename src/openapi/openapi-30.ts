interface Schema {
  readonly $ref?: unknown;
  readonly type?: unknown;
  readonly const?: unknown;
  readonly anyOf?: unknown;
  readonly [more: string]: unknown;
}

/**
 * The same in the words of OpenAPI 3.0, whose schemas are older than 2020-12: `nullable` for the type `null`, a single
 * value as `enum`, nothing beside a `$ref`, and no roles in `security`. Only what our document uses is known.
 */
export function forOpenApi30<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (key === 'security' && Array.isArray(part)) return withoutRoles(part);
    const isObject = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isObject ? forOneSchema(part as Schema) : part;
  }) as T;
}

function withoutRoles(requirements: readonly object[]): object[] {
  return requirements.map((schemes) => Object.fromEntries(Object.keys(schemes).map((name) => [name, []])));
}

function forOneSchema(schema: Schema): object {
  const { $ref, type, const: value, anyOf, ...rest } = schema;
  if (typeof $ref === 'string' && Object.keys(schema).length > 1) {
    const { $ref: _ref, ...beside } = schema;
    return { allOf: [{ $ref }], ...beside };
  }
  if (isValue(value)) return { ...rest, ...(typeof type === 'string' && { type }), enum: [value] };
  if (Array.isArray(type))
    return { ...schema, type: type.find((one) => one !== 'null') as unknown, nullable: true };
  if (Array.isArray(anyOf) && anyOf.some(isNull))
    return nullable(
      anyOf.filter((one) => !isNull(one)),
      rest,
    );
  return schema;
}

/** Properties may be called `const`, `type` and so on: what describes them is an object. */
const isValue = (value: unknown): boolean => value !== undefined && typeof value !== 'object';

const isNull = (schema: unknown): boolean => (schema as Schema).type === 'null';

const nullable = (schemas: readonly unknown[], rest: object): object =>
  schemas.length === 1
    ? { ...rest, allOf: schemas, nullable: true }
    : { ...rest, anyOf: schemas, nullable: true };
