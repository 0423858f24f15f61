import { getMetadataStorage, Validator, type ValidationError } from 'class-validator';
import { asSchema, type Schema } from './expectation.decorators.js';

// Its own, and not the one of a container that the host may have given to class-validator.
const validator = new Validator();

/**
 * What is wrong with `value` by `schema`: one line each, with the key's path and what was expected there. Values are
 * never part of a line.
 */
export function optionProblems(schema: Schema, value: unknown): string[] {
  const instance = asSchema(schema, value);
  if (instance === null) return ['options: expected an object'];
  const errors = validator.validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
  return errors.flatMap((error) => linesOf(error, ''));
}

/** The path of a key within what `path` leads to. */
export function pathTo(path: string, key: string): string {
  if (/^\d+$/.test(key)) return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function linesOf(error: ValidationError, parent: string): string[] {
  const path = pathTo(parent, error.property);
  const { whitelistValidation, expectation, nestedValidation } = error.constraints ?? {};
  if (whitelistValidation !== undefined) return [`${path}: ${unknownKey(error)}`];
  const expected = expectation ?? nestedValidation;
  if (expected !== undefined) return [`${path}: ${expected}`];
  return (error.children ?? []).flatMap((child) => linesOf(child, path));
}

function unknownKey({ property, target }: ValidationError): string {
  const known = keysOf(target?.constructor as Schema);
  const nearest = known
    .map((key) => ({ key, distance: editDistance(property.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isTypo = nearest !== undefined && nearest.distance <= Math.min(3, nearest.key.length / 2);
  return isTypo
    ? `unknown option; did you mean ${nearest.key}?`
    : `unknown option; expected ${known.join(', ')}`;
}

function keysOf(schema: Schema): string[] {
  const storage = getMetadataStorage();
  return Object.keys(
    storage.groupByPropertyName(storage.getTargetValidationMetadatas(schema, '', false, false)),
  );
}

/** Levenshtein's: how many letters must be added, removed or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = row[column - 1]! + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
