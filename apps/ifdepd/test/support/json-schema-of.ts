import ts from 'typescript';

/** A JSON Schema. */
export type Schema = { readonly [keyword: string]: unknown };

/** Makes JSON Schemas of exported types, with their doc comments as descriptions. */
export interface SchemaMaker {
  /** @returns a reference to a schema among {@link schemas} */
  of(file: string, type: string): Schema;
  /** Each named type that was met. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

/**
 * @param files sources, by their absolute paths
 * @param config the tsconfig.json whose options they are read with
 */
export function schemaMaker(files: readonly string[], config: string): SchemaMaker {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    { noEmit: true, composite: false },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(`${config}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
      },
    },
  );
  const program = ts.createProgram(files, parsed?.options ?? {});
  const checker = program.getTypeChecker();
  const schemas: Record<string, Schema> = {};

  function of(file: string, name: string): Schema {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name);
    if (symbol === undefined) {
      throw new Error(`${file} exports no ${name}`);
    }
    return schemaOf(checker.getDeclaredTypeOfSymbol(symbol));
  }

  function schemaOf(type: ts.Type): Schema {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const name = symbol?.name ?? '__type';
    const isNamed = !name.startsWith('__') && !isBuiltIn(symbol) && !type.aliasTypeArguments?.length;
    if (!isNamed || !(type.isUnion() || type.flags & ts.TypeFlags.Object)) {
      return plain(type);
    }
    if (!(name in schemas)) {
      // Types may hold themselves.
      schemas[name] = {};
      const description = textOf(symbol);
      schemas[name] = { ...(description !== '' && { description }), ...plain(type) };
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function isBuiltIn(symbol: ts.Symbol | undefined): boolean {
    return (
      symbol?.declarations?.some((one) => program.isSourceFileDefaultLibrary(one.getSourceFile())) ?? true
    );
  }

  function plain(type: ts.Type): Schema {
    if (type.isUnion()) {
      return unionOf(type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined)));
    }
    if (type.isStringLiteral() || type.isNumberLiteral()) {
      return { const: type.value };
    }
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { const: checker.typeToString(type) === 'true' };
    }
    for (const [flag, word] of PRIMITIVES) {
      if (type.flags & flag) {
        return word === null ? {} : { type: word };
      }
    }
    if (checker.isArrayType(type)) {
      const [items] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', ...(items && { items: schemaOf(items) }) };
    }
    return objectOf(type);
  }

  function unionOf(types: readonly ts.Type[]): Schema {
    const [literals, others] = [
      types.filter((one) => one.isStringLiteral()),
      types.filter((one) => !one.isStringLiteral()),
    ];
    const booleans = others.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const rest = booleans.length === 2 ? others.filter((one) => !booleans.includes(one)) : others;
    const all: Schema[] = [
      ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
      ...(booleans.length === 2 ? [{ type: 'boolean' }] : []),
      ...rest.map(schemaOf),
    ];
    return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
  }

  function objectOf(type: ts.Type): Schema {
    const keys = checker.getPropertiesOfType(type);
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const properties = keys.map((key): [string, Schema] => {
      const description = textOf(key);
      return [
        key.name,
        { ...(description !== '' && { description }), ...schemaOf(checker.getTypeOfSymbol(key)) },
      ];
    });
    const required = keys.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name);
    return {
      type: 'object',
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: schemaOf(index.type) }),
    };
  }

  function textOf(symbol: ts.Symbol | undefined): string {
    return ts
      .displayPartsToString(symbol?.getDocumentationComment(checker))
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\{@link (\w+)\}/g, '`$1`')
      .trim();
  }

  return { of, schemas };
}

const PRIMITIVES: readonly (readonly [ts.TypeFlags, string | null])[] = [
  [ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral, 'string'],
  [ts.TypeFlags.Number, 'number'],
  [ts.TypeFlags.Boolean, 'boolean'],
  [ts.TypeFlags.Null, 'null'],
  [ts.TypeFlags.Unknown, null],
];
