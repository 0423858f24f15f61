import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const dist = path.resolve(import.meta.dirname, '../../dist');

/** What a host may replace; all three are injection tokens. */
const PARTS = ['ContainerRuntime', 'HealthStore', 'RestartPolicy'];
/** What a store keeps is opaque to it: the rooms that keep something say what their documents are. */
const OPAQUE = new Set(['Collections']);

describe('what a host needs to write a part of its own', () => {
  it('is exported by name: every type that the signatures of the replaceable parts reach', () => {
    const entry = path.join(dist, 'index.d.ts');
    expect(existsSync(entry), 'npm run build comes first').toBe(true);
    const { checker, exported } = load(entry);
    const roots = PARTS.map((name) => exported.get(name));
    expect(roots).not.toContain(undefined);

    const reached = typesReachedFrom(roots as ts.Symbol[], checker);
    expect(reached.size).toBeGreaterThan(40);
    const names = new Set(exported.values());
    const missing = [...reached].filter(([type]) => !names.has(type));
    expect(missing.map(([type, from]) => `${type.name}, in ${from}`).sort()).toEqual([]);
  });
});

/** The package's entry as a host's compiler sees it; `exported`: what each of its names stands for. */
function load(entry: string): { checker: ts.TypeChecker; exported: ReadonlyMap<string, ts.Symbol> } {
  const program = ts.createProgram([entry], {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const checker = program.getTypeChecker();
  const names = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  return { checker, exported: new Map(names.map((name) => [name.name, behind(name, checker)])) };
}

/** Every type of the package that is written in the declaration of a root, or of a type so reached, and where it was. */
function typesReachedFrom(
  roots: readonly ts.Symbol[],
  checker: ts.TypeChecker,
): ReadonlyMap<ts.Symbol, string> {
  const reached = new Map<ts.Symbol, string>();
  const waiting = [...roots];
  const visit = (node: ts.Node, from: string): void => {
    if (isPrivate(node)) return;
    const name = nameOfType(node);
    const type = name && behind(checker.getSymbolAtLocation(name), checker);
    if (type && isOurType(type) && !reached.has(type)) {
      reached.set(type, from);
      if (!OPAQUE.has(type.name)) waiting.push(type);
    }
    ts.forEachChild(node, (child) => visit(child, from));
  };
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { name, declarations = [] } = next;
    for (const declaration of declarations) ts.forEachChild(declaration, (child) => visit(child, name));
  }
  return reached;
}

/** The name in a node that refers to a type: `Put` of `readonly Put[]`, and of `extends Put`. */
function nameOfType(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return node.qualifier;
  return undefined;
}

/** Behind a re-export or an import. */
function behind(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol;
function behind(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined;
function behind(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

const isOurType = ({ flags, declarations = [] }: ts.Symbol): boolean =>
  (flags & ts.SymbolFlags.Type & ~ts.SymbolFlags.TypeParameter) !== 0 &&
  declarations.some((declaration) => declaration.getSourceFile().fileName.startsWith(dist + path.sep));

const isPrivate = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
