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
  'common/answer': [],
  'common/clock': [],
  'common/connection': [],
  'common/events': [],
  'common/logging': ['common/reference'],
  'common/leader': ['common/shape', 'common/store', 'common/text'],
  'common/options': ['common/events', 'common/reference'],
  'common/reference': [],
  'common/store': [
    'common/clock',
    'common/events',
    'common/options',
    'common/package',
    'common/reference',
    'common/text',
  ],
  'common/access': ['common/answer', 'common/options', 'common/text'],
  'common/standing': ['common/events'],
  'common/shape': [],
  'common/text': [],
  'common/package': [],
  'health-monitor/host': [],
  'health-monitor/runtime': ['common/*'],
  'health-monitor/presets': ['common/*'],
  'health-monitor/machine': ['common/*'],
  'health-monitor/memory': ['common/*', 'health-monitor/runtime'],
  'health-monitor/probes': ['common/*', 'health-monitor/policy', 'health-monitor/runtime'],
  'health-monitor/policy': ['common/*', 'health-monitor/presets', 'health-monitor/runtime'],
  'health-monitor/incidents': [
    'common/*',
    'health-monitor/machine',
    'health-monitor/policy',
    'health-monitor/runtime',
  ],
  'health-monitor/step': [
    'common/*',
    'health-monitor/incidents',
    'health-monitor/machine',
    'health-monitor/memory',
    'health-monitor/policy',
    'health-monitor/runtime',
  ],
  'health-monitor/recording': [
    'common/*',
    'health-monitor/incidents',
    'health-monitor/policy',
    'health-monitor/runtime',
    'health-monitor/step',
  ],
  'health-monitor/cycle': ['common/*', 'health-monitor/*'],
  'health-monitor/hosts': ['common/*', 'health-monitor/*'],
  'health-monitor/following': [
    'common/*',
    'health-monitor/cycle',
    'health-monitor/hosts',
    'health-monitor/incidents',
    'health-monitor/step',
  ],
  'health-monitor/measure': [
    'common/*',
    'metrics',
    'opentelemetry',
    'health-monitor/cycle',
    'health-monitor/policy',
    'health-monitor/runtime',
    'health-monitor/step',
  ],
  'health-monitor': [
    'common/*',
    'health-monitor/*',
    'notifications',
    'webhooks',
    'dashboard',
    'metrics',
    'opentelemetry',
    'openapi',
  ],
  notifications: ['common/*'],
  webhooks: ['common/*'],
  dashboard: ['common/*'],
  metrics: ['common/*'],
  opentelemetry: ['common/*', 'metrics', 'webhooks'],
  openapi: ['common/*'],
  client: ['common/reference', 'common/standing'],
  cli: ['common/*', 'health-monitor/recording', 'health-monitor/step'],
  terminus: ['health-monitor'],
  testing: ['common/*', 'health-monitor/runtime'],
  '.': ['common/*', 'health-monitor/*', 'health-monitor', 'notifications', 'openapi', 'webhooks'],
};
/** Only types, since the client runs in a browser; what it imports more of is pure. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  client: ['common/events', 'notifications', 'webhooks'],
};
/** Folders in which everything is pure: no clock, no engine, no file, no timer. */
const PURE = [
  'common/reference',
  'common/standing',
  'common/text',
  'health-monitor/policy',
  'health-monitor/presets',
  'health-monitor/incidents',
  'health-monitor/step',
  'health-monitor/recording',
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

/** Their folders are rooms of their own. */
const STOREYS: ReadonlySet<string> = new Set(['common', 'health-monitor']);

/** `src/health-monitor/policy/decide.ts` → `health-monitor/policy`. */
function roomOf(file: string): string {
  const parts = path.relative('src', file).split(path.sep).slice(0, -1);
  return STOREYS.has(parts[0] ?? '') ? parts.slice(0, 2).join('/') : (parts[0] ?? '.');
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
      const storey = other.split('/')[0]!;
      return !allowed.includes(other) && !(other.includes('/') && allowed.includes(`${storey}/*`));
    });
    expect(wrong.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it('are built upon each other: between top-level rooms no arrow runs back up', () => {
    const topOf = (file: string): string => roomOf(file).split('/')[0]!;
    const arrows = new Map<string, Set<string>>();
    for (const { from, target } of between) {
      if (topOf(from) === topOf(target)) continue;
      arrows.set(topOf(from), (arrows.get(topOf(from)) ?? new Set()).add(topOf(target)));
    }
    const reaches = (from: string, to: string): boolean =>
      [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to));
    expect([...arrows.keys()].filter((room) => reaches(room, room))).toEqual([]);
    expect(arrows.get('common')).toBeUndefined();
  });

  it('do not know that they are measured: metrics listen, and the module alone puts them in place', () => {
    const ears = ['metrics', 'opentelemetry', 'health-monitor/measure'];
    const knowing = between
      .filter(({ target }) => ears.includes(roomOf(target)))
      .filter(({ from }) => roomOf(from) !== 'health-monitor' && !ears.includes(roomOf(from)));
    expect(knowing.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
  });

  it('are hidden from the page behind the client', () => {
    const others = sources('dashboard')
      .flatMap(importsOf)
      .filter(({ from, specifier }) => specifier.startsWith('.') && !from.endsWith('.spec.ts'))
      .filter(({ from, specifier }) => {
        const target = path.join(path.dirname(from), specifier);
        return target.startsWith('src/') && target !== 'src/client/index.js';
      });
    expect(others.map(({ from, specifier }) => `${from} imports ${specifier}`)).toEqual([]);
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
