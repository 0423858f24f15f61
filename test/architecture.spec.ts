import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * A folder of `src` is a room with one door, its `index.ts`. Which rooms a room may import from:
 * what happens is seen in `runtime`, decided in `policy`, followed in `incidents`, told in `events`; nothing
 * downstream calls upstream.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'health-monitor/clock': [],
  'health-monitor/host': [],
  'health-monitor/runtime': ['health-monitor/clock'],
  'health-monitor/options': ['health-monitor/events'],
  'health-monitor/events': ['health-monitor/runtime'],
  'health-monitor/store': ['health-monitor/clock', 'health-monitor/events', 'health-monitor/options'],
  'health-monitor/access': ['health-monitor/options'],
  'health-monitor/presets': ['health-monitor/events'],
  'health-monitor/policy': [
    'health-monitor/events',
    'health-monitor/options',
    'health-monitor/presets',
    'health-monitor/runtime',
    'health-monitor/store',
  ],
  'health-monitor/engine': ['health-monitor/runtime'],
  'health-monitor/incidents': [
    'health-monitor/events',
    'health-monitor/policy',
    'health-monitor/runtime',
    'health-monitor/store',
  ],
  'health-monitor/memory': [
    'health-monitor/clock',
    'health-monitor/events',
    'health-monitor/options',
    'health-monitor/runtime',
    'health-monitor/store',
  ],
  'health-monitor/cycle': ['*'],
  'health-monitor': ['*', 'notifications', 'webhooks', 'dashboard'],
  notifications: [
    'health-monitor/access',
    'health-monitor/clock',
    'health-monitor/events',
    'health-monitor/options',
    'health-monitor/store',
  ],
  webhooks: [
    'health-monitor/access',
    'health-monitor/clock',
    'health-monitor/events',
    'health-monitor/options',
    'health-monitor/store',
  ],
  dashboard: [],
  client: [],
  testing: ['health-monitor/clock', 'health-monitor/runtime'],
  '.': ['*', 'health-monitor', 'notifications', 'webhooks'],
};
/** Only types, since the client runs in a browser. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  client: ['health-monitor/events', 'notifications'],
};
/** Folders in which everything is pure: no clock, no engine, no file, no timer. */
const PURE = [
  'health-monitor/policy',
  'health-monitor/presets',
  'health-monitor/incidents',
  'health-monitor/engine',
];

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly isType: boolean;
}

const root = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  name: string;
} & Record<
  'dependencies' | 'peerDependencies' | 'optionalDependencies' | 'devDependencies',
  Record<string, string>
>;

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
    .map((file) => path.join(folder, file));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      found.push({
        from: file,
        specifier: (node.moduleSpecifier as ts.StringLiteral).text,
        isType: isTypeOnly(node),
      });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument))
        found.push({ from: file, specifier: argument.text, isType: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

/** `src/health-monitor/policy/decide.ts` → `health-monitor/policy`. */
function roomOf(file: string): string {
  const parts = path.relative('src', file).split(path.sep).slice(0, -1);
  return parts[0] === 'health-monitor' ? parts.slice(0, 2).join('/') : (parts[0] ?? '.');
}

const isTest = (file: string): boolean => /\.spec\.ts$/.test(file);
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

const product = sources('src').filter((file) => !isTest(file));
const inner = product.flatMap(importsOf).filter(({ specifier }) => specifier.startsWith('.'));
const between = inner
  .map((one) => ({ ...one, target: path.join(path.dirname(one.from), one.specifier) }))
  .filter(({ from, target }) => roomOf(from) !== roomOf(target));

describe('the rooms', () => {
  it('are all known', () => {
    expect([...new Set(product.map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it('are entered by their door only', () => {
    const doors = between.filter(
      ({ target }) => path.basename(target) !== 'index.js' && roomOf(target) !== 'health-monitor',
    );
    expect(doors.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it('import only from the rooms they may', () => {
    const wrong = between.filter(({ from, target, isType }) => {
      const room = roomOf(from);
      const allowed = [...MAY_IMPORT[room]!, ...(isType ? (MAY_IMPORT_TYPES[room] ?? []) : [])];
      const other = roomOf(target);
      return !allowed.includes(other) && !(allowed.includes('*') && other.startsWith('health-monitor/'));
    });
    expect(wrong.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it.each(PURE)('%s stays pure', (room) => {
    const impure = product
      .filter((file) => roomOf(file) === room)
      .filter((file) =>
        /Date\.now\(|new Date\(\)|setTimeout|setInterval|Math\.random|node:(fs|child_process|net)/.test(
          readFileSync(path.join(root, file), 'utf8'),
        ),
      );
    expect(impure).toEqual([]);
  });
});

describe('what is imported', () => {
  const declared = (...groups: (keyof typeof manifest)[]): Set<string> =>
    new Set([
      manifest.name,
      ...groups.flatMap((group) => Object.keys(manifest[group] as Record<string, string>)),
    ]);

  const undeclared = (files: readonly string[], allowed: ReadonlySet<string>): string[] =>
    files
      .flatMap(importsOf)
      .filter(
        ({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('/') && !isBuiltin(specifier),
      )
      .filter(({ specifier }) => !allowed.has(packageOf(specifier)))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);

  it('by the package is one of its dependencies', () => {
    const allowed = declared('dependencies', 'peerDependencies', 'optionalDependencies');
    expect(undeclared(product, allowed)).toEqual([]);
  });

  it('by tests, demo, page and benches is declared, too', () => {
    const allowed = declared('dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies');
    const files = [
      ...sources('src').filter(isTest),
      ...['test', 'demo', 'bench', 'dashboard'].flatMap(sources),
    ];
    expect(undeclared(files, allowed)).toEqual([]);
  });
});
