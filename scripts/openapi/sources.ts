import ts from 'typescript';
import { docstringOf } from './docstring.js';

/** What is written about a call in its source, and nowhere else. */
export interface WrittenCall {
  readonly description: string;
  /** Names of the exceptions that its docstring says it throws. */
  readonly throws: readonly string[];
  /** What it answers, once that is there. */
  readonly answer: ts.Type;
}

/** The source of the package, as its compiler reads it. */
export class Sources {
  readonly checker: ts.TypeChecker;
  private readonly classes = new Map<string, ts.ClassDeclaration>();
  private readonly program: ts.Program;

  constructor(tsconfig: string, entry: string) {
    const { config } = ts.readConfigFile(tsconfig, (file) => ts.sys.readFile(file)) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(
      { ...config, files: [entry], include: [] },
      ts.sys,
      tsconfig.replace(/[^/\\]+$/, ''),
    );
    this.program = ts.createProgram([entry], { ...options, types: [] }, hostOfOwnFiles(options));
    this.checker = this.program.getTypeChecker();
    for (const file of this.program.getSourceFiles()) {
      if (/\.(controller|dto)\.ts$/.test(file.fileName)) this.findClasses(file);
    }
  }

  /** @throws Error where something of it is missing, which says what to write */
  call(controller: string, name: string): WrittenCall {
    const declaration = this.member(controller, name);
    if (!declaration || !ts.isMethodDeclaration(declaration)) {
      throw new Error(
        `${controller}.${name} was not found: write controllers in files called *.controller.ts.`,
      );
    }
    const signature = this.checker.getSignatureFromDeclaration(declaration)!;
    const returned = this.checker.getReturnTypeOfSignature(signature);
    const { description } = this.docstring(controller, name);
    if (description === undefined) {
      throw new Error(
        `${controller}.${name} has no docstring: say in one what a caller gets, it is the document's.`,
      );
    }
    return {
      description,
      throws: throwsOf(declaration),
      answer: this.checker.getAwaitedType(returned) ?? returned,
    };
  }

  /** The interface of that name in that file. */
  interface(file: string, name: string): ts.Type {
    const source = this.program.getSourceFile(file);
    const found = source?.statements.find(
      (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
    );
    if (!found) throw new Error(`There is no interface ${name} in ${file}.`);
    return this.checker.getTypeAtLocation(found);
  }

  /** That of a method or property; where it has none of its own, that of the interface which its class implements. */
  docstring(owner: string, name: string): { description?: string } {
    const declaration = this.member(owner, name);
    const symbol = declaration?.name && this.checker.getSymbolAtLocation(declaration.name);
    return symbol ? docstringOf(symbol, this.checker) : {};
  }

  private member(owner: string, name: string): ts.ClassElement | undefined {
    return this.classes.get(owner)?.members.find((member) => member.name?.getText() === name);
  }

  private findClasses(node: ts.Node): void {
    if (ts.isClassDeclaration(node) && node.name) this.classes.set(node.name.text, node);
    ts.forEachChild(node, (child) => this.findClasses(child));
  }
}

/** Reads the package alone: no answer has a type of another package, and reading those takes four times as long. */
function hostOfOwnFiles(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
    );
  return host;
}

function throwsOf(declaration: ts.MethodDeclaration): string[] {
  return ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === 'throws')
    .flatMap((tag) => (ts.getTextOfJSDocComment(tag.comment) ?? '').match(/\w+Exception/g) ?? []);
}
