/** A JSON Schema of draft 2020-12, as far as the document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
}

export const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** The same, or `null`. */
export function orNull(schema: Schema): Schema {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  const { const: _const, ...rest } = schema;
  return { ...rest, type: [schema.type, 'null'], ...(values && { enum: [...values, null] }) };
}
