import { IsEmail, IsInt, IsOptional, IsString, Max, ValidateIf } from 'class-validator';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerSchemas } from '../../scripts/openapi/answer-schemas.js';
import { inputSchema } from '../../scripts/openapi/input-schemas.js';
import { Sources } from '../../scripts/openapi/sources.js';

describe('the schema of what a call takes', () => {
  it('says what may be missing, and what may be null', () => {
    class Input {
      @IsString()
      needed!: string;

      @IsOptional()
      @IsInt()
      @Max(5)
      orNull?: number | null;

      @ValidateIf((_, value) => value !== undefined)
      @IsInt()
      orMissing?: number;
    }
    expect(inputSchema(Input, {}, () => ({}))).toEqual({
      type: 'object',
      properties: {
        needed: { type: 'string' },
        orNull: { type: ['integer', 'null'], maximum: 5 },
        orMissing: { type: 'integer' },
      },
      required: ['needed'],
      additionalProperties: false,
    });
  });

  it('is refused where a check would be missing in it', () => {
    class Input {
      @IsEmail()
      address!: string;
    }
    expect(() => inputSchema(Input, {}, () => ({}))).toThrow(/Input checks .*address: isEmail/);
  });
});

describe('the schema of what a call answers', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'openapi-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function sourcesOf(controller: string): Sources {
    const file = path.join(folder, 'things.controller.ts');
    writeFileSync(file, controller);
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, lib: ['es2023'] } }),
    );
    return new Sources(path.join(folder, 'tsconfig.json'), file);
  }

  const things = (answer: string, docstring = '/** All things. */') =>
    sourcesOf(`
      export type Kind = 'big' | 'small';
      /** A thing. */
      export interface Thing {
        readonly kind: Kind;
        /** Its \`name\`. */
        name?: string | null;
        readonly in: Thing[];
      }
      export class ThingsController {
        ${docstring}
        list(): Promise<${answer}> { throw new Error(); }
      }`);

  it('has the named types as models, with their docstrings', () => {
    const sources = things('readonly Thing[]');
    const schemas = new AnswerSchemas(sources.checker);
    expect(schemas.of(sources.call('ThingsController', 'list').answer)).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Thing' },
    });
    expect(Object.fromEntries(schemas.named)).toEqual({
      Thing: {
        description: 'A thing.',
        type: 'object',
        properties: {
          kind: { $ref: '#/components/schemas/Kind' },
          name: { type: ['string', 'null'], description: 'Its `name`.' },
          in: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
        },
        required: ['kind', 'in'],
      },
      Kind: { type: 'string', enum: ['big', 'small'] },
    });
  });

  it.each(['Map<string, number>', 'any', '[string, number]', '() => void', 'bigint', 'Missing'])(
    'is refused for %s',
    (type) => {
      const sources = things(type);
      const { answer } = sources.call('ThingsController', 'list');
      expect(() => new AnswerSchemas(sources.checker).of(answer)).toThrow(/no schema was taught/);
    },
  );

  it('is refused without a docstring, which says what to write', () => {
    expect(() => things('Thing', '').call('ThingsController', 'list')).toThrow(
      'ThingsController.list has no docstring',
    );
  });
});
