import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';

export type Schema = new () => object;

/** A key's value is what `expected` says, or the key is left out. `null` is a value, and is refused. */
export function Expect<T extends object>(
  expected: string,
  accepts: (value: unknown, siblings: T) => boolean,
): PropertyDecorator {
  return all(
    ValidateIf((_, value) => value !== undefined),
    Require(expected, accepts),
  );
}

/** As {@link Expect}, for a key that may not be left out. */
export function Require<T extends object>(
  expected: string,
  accepts: (value: unknown, siblings: T) => boolean,
): PropertyDecorator {
  return ValidateBy({
    name: 'expectation',
    validator: {
      validate: (value, context) => accepts(value, (context?.object ?? {}) as T),
      defaultMessage: () => `expected ${expected}`,
    },
  });
}

export const ExpectOneOf = (...words: readonly string[]): PropertyDecorator =>
  Expect(`one of ${words.map((word) => `'${word}'`).join(', ')}`, (value) => words.includes(value as string));

export const ExpectBoolean = (): PropertyDecorator =>
  Expect('true or false', (value) => typeof value === 'boolean');

export const ExpectText = (what: string, maxLength = 1_000): PropertyDecorator =>
  Expect(what, (value) => isText(value) && value.length <= maxLength);

/** A whole number within bounds, both included. */
export const ExpectWhole = (min: number, max: number, unit?: string): PropertyDecorator =>
  Expect(`a whole number${unit ? ` of ${unit}` : ''} from ${min} to ${max}`, (value) =>
    isWhole(value, min, max),
  );

export const ExpectMilliseconds = (min: number, max: number): PropertyDecorator =>
  ExpectWhole(min, max, 'milliseconds');

/** What may be written shorter, in its long form; all else as it is. */
type LongForm = (value: unknown) => unknown;
const asWritten: LongForm = (value) => value;

const AN_OBJECT = 'an object';

/** An object with the keys of `schema`; `what` tells what else it may be. */
export function ExpectSection(schema: Schema, longForm = asWritten, what = AN_OBJECT): PropertyDecorator {
  return nested((value) => asSchema(schema, longForm(value)), what);
}

/** As {@link ExpectSection}; `false` switches it off. */
export function ExpectSectionOrFalse(schema: Schema): PropertyDecorator {
  return nested((value) => (value === false ? new schema() : asSchema(schema, value)), 'an object, or false');
}

/** A list of objects with the keys of `schema`. */
export function ExpectSectionList(schema: Schema): PropertyDecorator {
  return all(
    nested((value) => (Array.isArray(value) ? Array.from(value, (item) => asSchema(schema, item)) : value)),
    Expect('a list', Array.isArray),
  );
}

/** An object with the keys of `schema`, or a list of such objects. */
export function ExpectSectionOrList(
  schema: Schema,
  longForm = asWritten,
  what = AN_OBJECT,
): PropertyDecorator {
  return nested((written) => {
    const value = longForm(written);
    return Array.isArray(value)
      ? Array.from(value, (item) => asSchema(schema, item))
      : asSchema(schema, value);
  }, what);
}

/** Which names may be keys. */
interface ExpectedNames {
  readonly expected: string;
  readonly is: (name: string) => boolean;
}

/** An object whose keys are such names, by default any, each of them an object with the keys of `schema`. */
export function ExpectSectionByName(schema: Schema, names?: ExpectedNames): PropertyDecorator {
  const isName = names?.is ?? isText;
  return all(
    nested((value) => byName(schema, value)),
    Expect(
      `an object, by ${names?.expected ?? 'name'}`,
      (value) => value instanceof Map && [...(value as Map<string, unknown>).keys()].every(isName),
    ),
  );
}

/** As {@link ExpectSectionByName}; a list of names is the short form in which each has an empty section. */
export function ExpectSectionByNameOrNames(schema: Schema): PropertyDecorator {
  return all(
    nested((value) => {
      if (!Array.isArray(value)) return byName(schema, value);
      return Array.from<unknown>(value).every(isText)
        ? new Map(value.map((name) => [name, new schema()]))
        : null;
    }),
    Expect(
      'a list of names, or an object by name',
      (value) => value instanceof Map && [...value.keys()].every(isText),
    ),
  );
}

/** A name that every object has without anybody writing it, such as `constructor` or `__proto__`. */
export const isInheritedName = (name: string): boolean => name in Object.prototype;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not blank, and without the NUL that ends a text for the engine and the file system. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && !value.includes('\0');

export const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** Of up to 100 items, none of them a hole: `every` alone would skip those. */
export const isListOf = (value: unknown, accepts: (item: unknown) => boolean, minLength: number): boolean =>
  Array.isArray(value) &&
  value.length >= minLength &&
  value.length <= 100 &&
  Array.from(value).every(accepts);

/**
 * The value as an instance of the schema, with its sections as instances of theirs; `null`, which no schema accepts,
 * when it is no object. Not class-transformer's `plainToInstance`: that copies everything it finds by calling its
 * constructor anew, also the host's own objects (`access`, `overrides`).
 */
export function asSchema<T extends object>(schema: new () => T, value: unknown): T | null {
  if (!isRecord(value)) return null;
  const instance = new schema();
  for (const [key, given] of Object.entries(value)) {
    // Those are told by inheritedKeyProblems.
    if (isInheritedName(key)) continue;
    const build = given === undefined ? undefined : builderOf(schema.prototype as object, key);
    Object.assign(instance, { [key]: build ? build(given) : given });
  }
  return instance;
}

type SectionBuilder = (value: unknown) => unknown;

/** Also one of a schema that this one extends. */
function builderOf(prototype: object | null, key: string): SectionBuilder | undefined {
  if (prototype === null) return undefined;
  return (
    sectionBuilders.get(prototype)?.get(key) ??
    builderOf(Object.getPrototypeOf(prototype) as object | null, key)
  );
}
const sectionBuilders = new WeakMap<object, Map<string, SectionBuilder>>();

function byName(schema: Schema, value: unknown): unknown {
  if (!isRecord(value)) return null;
  return new Map(Object.entries(value).map(([name, section]) => [name, asSchema(schema, section)]));
}

function nested(build: SectionBuilder, what = AN_OBJECT): PropertyDecorator {
  return all(
    (target, key) => {
      const builders = sectionBuilders.get(target) ?? new Map<string, SectionBuilder>();
      sectionBuilders.set(target, builders.set(String(key), build));
    },
    ValidateIf((_, value) => value !== undefined),
    ValidateNested({ message: `expected ${what}` }),
  );
}

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, key) => decorators.forEach((decorate) => decorate(target, key));
}
