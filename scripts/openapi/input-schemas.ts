import type { Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { orNull, type Schema } from './schema.js';

/** What class-validator-jsonschema does not know, or says less exactly than it is checked. */
type Checks = Readonly<Record<string, Schema>>;

type Converters = NonNullable<
  NonNullable<Parameters<typeof targetConstructorToSchema>[1]>['additionalConverters']
>;

/**
 * What the validators of a class let through, as a JSON Schema: a property is required unless they admit that it is
 * missing, and `null` is written where they admit it. Other properties are refused.
 */
export function inputSchema(input: Type, checks: Checks, describe: (property: string) => Schema): Schema {
  refuseUnknownChecks(input, checks);
  const { properties = {}, required } = targetConstructorToSchema(input, {
    additionalConverters: checks as Converters,
  }) as Schema;
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [
        name,
        { ...(admits(input, name, null) ? orNull(schema) : schema), ...describe(name) },
      ]),
    ),
    ...(required && required.length > 0 && { required }),
    additionalProperties: false,
  };
}

const checksOf = (input: Type) => getMetadataStorage().getTargetValidationMetadatas(input, '', false, false);

/** Whether nothing else is checked where a property has that value. */
function admits(input: Type, property: string, value: unknown): boolean {
  return checksOf(input)
    .filter(
      ({ propertyName, type }) =>
        propertyName === property && type === ValidationTypes.CONDITIONAL_VALIDATION,
    )
    .some(
      ({ constraints: [applies] }) =>
        !(applies as (object: object, value: unknown) => boolean)({ [property]: value }, value),
    );
}

/** A check that no schema was taught would be missing in the document without a word. */
function refuseUnknownChecks(input: Type, checks: Checks): void {
  const known = new Set([...KNOWN, ...Object.keys(checks)]);
  const unknown = checksOf(input).filter(
    ({ type, name }) => type !== ValidationTypes.CONDITIONAL_VALIDATION && !known.has(name ?? type),
  );
  if (unknown.length > 0) {
    const names = unknown.map(({ propertyName, name }) => `${propertyName}: ${name}`).join(', ');
    throw new Error(
      `${input.name} checks what no schema was taught (${names}); see scripts/openapi/checks.ts.`,
    );
  }
}

/** Checks that class-validator-jsonschema writes as they are. */
const KNOWN = [
  'isString',
  'isInt',
  'isBoolean',
  'isArray',
  'isIn',
  'min',
  'max',
  'minLength',
  'maxLength',
  'matches',
  'arrayNotEmpty',
  'arrayMinSize',
  'arrayMaxSize',
];
