import ts from 'typescript';
import { docstringOf } from './docstring.js';
import { orNull, refTo, type Schema } from './schema.js';
import { unionOfObjects } from './union-of-objects.js';

/**
 * Writes types as JSON Schemas. A type that is exported by name becomes a schema of that name, and is referred to; its
 * docstrings become descriptions. What JSON cannot carry is refused. Objects may have more properties than are written:
 * a later version adds some.
 */
export class AnswerSchemas {
  /** The named schemas that were needed so far. */
  readonly named = new Map<string, Schema>();
  private readonly owners = new Map<string, ts.Symbol>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** @param as the symbol that its place in the source calls it by: the compiler forgets the names of some unions */
  of(type: ts.Type, as?: ts.Symbol): Schema {
    const symbol = this.namedBy(type.aliasSymbol ?? as ?? type.symbol, type);
    if (!symbol) return this.written(type);
    const { name } = symbol;
    const owner = this.owners.get(name);
    if (owner && owner !== symbol) throw new Error(`Two types are called ${name}: give one another name.`);
    if (!owner) {
      this.owners.set(name, symbol);
      this.named.set(name, {});
      this.named.set(name, { ...docstringOf(symbol, this.checker), ...this.written(type) });
    }
    return refTo(name);
  }

  /** Whether a call that returns it answers with an empty body. */
  isNothing({ flags }: ts.Type): boolean {
    return (flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0;
  }

  /** An exported interface or type; one with parameters counts while these have their defaults. */
  private namedBy(symbol: ts.Symbol | undefined, type: ts.Type): ts.Symbol | null {
    const declaration = symbol?.declarations?.[0];
    if (
      !symbol ||
      !declaration ||
      !(ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
    )
      return null;
    const isOurs = !declaration.getSourceFile().fileName.includes('/node_modules/');
    const isExported = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
    return isOurs && isExported && this.hasDefaults(declaration, type) ? symbol : null;
  }

  private hasDefaults(
    { typeParameters = [] as never }: ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
    { aliasTypeArguments: given = [] }: ts.Type,
  ): boolean {
    return typeParameters.every(
      ({ default: written }, index) =>
        written && (given.length === 0 || this.checker.getTypeFromTypeNode(written) === given[index]),
    );
  }

  private written(type: ts.Type): Schema {
    const plain = plainSchema(type);
    if (plain) return plain;
    if (type.isUnion()) return this.union(type);
    if (this.checker.isArrayType(type)) {
      return { type: 'array', items: this.of(this.checker.getTypeArguments(type as ts.TypeReference)[0]!) };
    }
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    if (!isObject || type.getCallSignatures().length > 0 || this.checker.isTupleType(type)) {
      throw new Error(
        `An answer has the type ${this.checker.typeToString(type)}, which no schema was taught.`,
      );
    }
    return this.object(type);
  }

  private union({ types }: ts.UnionType): Schema {
    const rest = types.filter(({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)));
    const schema = this.oneOf(rest);
    return types.some(({ flags }) => flags & ts.TypeFlags.Null) ? orNull(schema) : schema;
  }

  private oneOf(types: readonly ts.Type[]): Schema {
    if (types.length === 1) return this.of(types[0]!);
    if (types.every((type) => type.isStringLiteral())) {
      return { type: 'string', enum: types.map((type) => type.value) };
    }
    if (types.every(({ flags }) => flags & ts.TypeFlags.BooleanLiteral)) return { type: 'boolean' };
    return unionOfObjects(types.map((type) => this.of(type)));
  }

  private object(type: ts.Type): Schema {
    const properties = this.checker.getPropertiesOfType(type);
    const rest = this.checker.getIndexInfosOfType(type)[0];
    const isRequired = ({ flags }: ts.Symbol): boolean => !(flags & ts.SymbolFlags.Optional);
    const required = properties.filter(isRequired).map(({ name }) => name);
    return {
      type: 'object',
      ...(properties.length > 0 && {
        properties: Object.fromEntries(
          properties.map((property) => [property.name, this.property(property)]),
        ),
      }),
      ...(required.length > 0 && { required }),
      ...(rest && { additionalProperties: this.of(rest.type) }),
    };
  }

  private property(symbol: ts.Symbol): Schema {
    const type = this.checker.getTypeOfSymbol(symbol);
    const written = this.writtenReference(symbol, type);
    const schema = written ? this.of(written.type, written.symbol) : this.of(type);
    return { ...schema, ...docstringOf(symbol, this.checker) };
  }

  /** `Status` of `readonly status: Status` and of `readonly status?: Status`, where that is all of the property's type. */
  private writtenReference(
    { declarations: [declaration] = [], flags }: ts.Symbol,
    whole: ts.Type,
  ): { readonly type: ts.Type; readonly symbol: ts.Symbol } | null {
    const node = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined;
    if (!node || !ts.isTypeReferenceNode(node)) return null;
    const type = this.checker.getTypeFromTypeNode(node);
    const isWhole =
      flags & ts.SymbolFlags.Optional
        ? this.checker.getNonNullableType(type) === this.checker.getNonNullableType(whole)
        : type === whole;
    const symbol = this.checker.getSymbolAtLocation(node.typeName);
    if (!isWhole || !symbol) return null;
    const isImported = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return { type, symbol: isImported ? this.checker.getAliasedSymbol(symbol) : symbol };
  }
}

/** The schema of a type that has no parts; `null` for one that has. */
function plainSchema(type: ts.Type): Schema | null {
  const { flags } = type;
  if (flags & ts.TypeFlags.Unknown) return {};
  if (flags & ts.TypeFlags.String) return { type: 'string' };
  if (flags & ts.TypeFlags.Number) return { type: 'number' };
  if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
  if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object' };
  if (type.isStringLiteral()) return { type: 'string', const: type.value };
  if (type.isNumberLiteral()) return { type: 'number', const: type.value };
  if (flags & ts.TypeFlags.BooleanLiteral)
    return { type: 'boolean', const: 'intrinsicName' in type && type.intrinsicName === 'true' };
  return null;
}
