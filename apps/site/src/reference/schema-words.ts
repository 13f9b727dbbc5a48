/** The keywords of a JSON Schema that the schemas of this repository use. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** Schemas that have a place of their own on a page, by name. */
export type Named = Readonly<Record<string, Schema>>;

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** What a value may be, in words; a named schema is a link. */
export function schemaWords(schema: Schema, named: Named): string {
  const name = nameOf(schema, named);
  if (name !== undefined) {
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) {
    return `\`${String(schema.const)}\``;
  }
  if (schema.enum !== undefined) {
    return joined(schema.enum.map((value) => `\`${String(value)}\``));
  }
  if (schema.anyOf !== undefined) {
    return joined([...new Set(schema.anyOf.map((one) => schemaWords(one, named)))]);
  }
  if (schema.items !== undefined) {
    return `a list, each ${schemaWords(schema.items, named)}`;
  }
  if (schema.type === 'object') {
    const { additionalProperties: more } = schema;
    return typeof more === 'object' ? `a mapping of names, each to ${schemaWords(more, named)}` : 'a mapping';
  }
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.length === 0
    ? 'anything'
    : `${joined(types.map((type) => SIMPLE[type] ?? type))}${range(schema)}`;
}

/** A list of keys in Markdown, with those of mappings inside. */
export function keyLines(schema: Schema, named: Named, indent = ''): readonly string[] {
  if (nameOf(schema, named) !== undefined) {
    return [];
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const { additionalProperties: more } = schema;
  const mappings = [...inner, ...(typeof more === 'object' ? [more] : [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
      `${indent}- ${keyLine(key, value, schema.required?.includes(key) === true, named)}`,
      ...keyLines(value, named, `${indent}  `),
    ]),
    ...mappings.flatMap((one) => {
      const isOneOfSeveral = mappings.filter(({ properties }) => properties).length > 1;
      return one.properties !== undefined && nameOf(one, named) === undefined && isOneOfSeveral
        ? [
            `${indent}- a mapping with ${joined(
              (one.required ?? []).map((key) => `\`${key}\``),
              'and',
            )}:`,
            ...keyLines(one, named, `${indent}  `),
          ]
        : keyLines(one, named, indent);
    }),
  ];
}

function keyLine(key: string, schema: Schema, isRequired: boolean, named: Named): string {
  const standard = schema.default === undefined ? '' : ` Default: \`${String(schema.default)}\`.`;
  const isNamed = nameOf(schema, named) !== undefined && schema.$ref === undefined;
  const text = schema.description === undefined || isNamed ? '' : ` ${sentence(schema.description)}`;
  return `\`${key}\`${isRequired ? ', required' : ''}: ${schemaWords(schema, named)}.${standard}${text}`;
}

/** @returns the name of a schema that is a reference, or the same as a named one */
function nameOf(schema: Schema, named: Named): string | undefined {
  const reference = /[^/]+$/.exec(schema.$ref ?? '')?.[0];
  const { default: _, ...same } = schema;
  const text = JSON.stringify(same);
  return (
    reference ??
    Object.keys(named).find((name) => named[name] !== schema && JSON.stringify(named[name]) === text)
  );
}

function range({ minimum, maximum }: Schema): string {
  if (minimum === undefined) {
    return '';
  }
  return maximum === undefined ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`;
}

/** `a, b or c` */
function joined(words: readonly string[], last = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A description as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.:]$/.test(text) ? '' : '.'}`;
}
