import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { DAMPENING, DELAYS, GREATEST, type Knob } from '../../src/knobs.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Limits and defaults, from the table that `compile` uses. */
const KNOBS: Readonly<Record<string, Knob>> = { ...DELAYS, ...DAMPENING };

/**
 * The JSON Schema of the configuration: shapes and descriptions from the types in src/config.ts, limits and defaults
 * from src/knobs.ts. Types are read as they are written there, a small part of TypeScript; anything else throws.
 */
export function jsonSchema(): Schema {
  const text = readFileSync(new URL('../../src/config.ts', import.meta.url), 'utf8');
  const source = ts.createSourceFile('config.ts', text, ts.ScriptTarget.ES2023, true);
  const definitions: Record<string, Schema> = {};
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) definitions[statement.name.text] = fromInterface(statement);
    if (ts.isTypeAliasDeclaration(statement)) {
      definitions[statement.name.text] = { ...described(statement), ...fromType(statement.type, '') };
    }
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of @ifdepd/policy',
    $ref: '#/definitions/PolicyConfig',
    definitions,
  };
}

function fromInterface(declaration: ts.InterfaceDeclaration): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) throw new Error(member.getText());
    const name = member.name.getText();
    if (member.questionToken === undefined) required.push(name);
    properties[name] = { ...described(member), ...fromType(member.type, name) };
  }
  const all = { ...described(declaration), type: 'object', properties, additionalProperties: false };
  return required.length > 0 ? { ...all, required } : all;
}

function fromType(type: ts.TypeNode, name: string): Schema {
  if (ts.isTypeOperatorNode(type)) return fromType(type.type, name);
  if (ts.isArrayTypeNode(type)) {
    const list = { type: 'array', items: fromType(type.elementType, name), minItems: 1 };
    // A list has each name once. In a list of expressions a schema cannot tell a repeated name from two equal expressions,
    // which are valid.
    return type.elementType.kind === ts.SyntaxKind.StringKeyword ? { ...list, uniqueItems: true } : list;
  }
  if (ts.isUnionTypeNode(type)) {
    const literals = type.types.flatMap((part) =>
      ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? [part.literal.text] : [],
    );
    if (literals.length === type.types.length) return { enum: literals, default: defaultOf(type) };
    return { anyOf: type.types.map((part) => fromType(part, name)) };
  }
  if (ts.isTemplateLiteralTypeNode(type)) return { type: 'string', pattern: '^(\\d+(\\.\\d+)?)%$' };
  if (type.kind === ts.SyntaxKind.StringKeyword) return { type: 'string', minLength: 1 };
  if (type.kind === ts.SyntaxKind.NumberKeyword) return fromNumber(name);
  if (ts.isTypeReferenceNode(type)) {
    const reference = type.typeName.getText();
    const [first, second] = type.typeArguments ?? [];
    if (reference === 'Readonly' && first !== undefined) return fromType(first, name);
    if (reference === 'Record' && second !== undefined) {
      return {
        type: 'object',
        propertyNames: { minLength: 1 },
        additionalProperties: fromType(second, name),
      };
    }
    return { $ref: `#/definitions/${reference}` };
  }
  throw new Error(`There is no schema for ${type.getText()}`);
}

function fromNumber(name: string): Schema {
  const knob = KNOBS[name];
  if (knob === undefined) return { type: 'integer', minimum: 1, maximum: GREATEST };
  const [minimum, maximum, fallback] = knob;
  return { type: 'number', minimum, maximum, default: fallback };
}

/** The default of a choice, from its doc comment. */
function defaultOf(type: ts.TypeNode): string | undefined {
  return /Default: `(\w+)`/.exec(described(type.parent)['description'] as string)?.[1];
}

function described(node: ts.Node): Schema {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = ts.getTextOfJSDocComment(comment?.comment);
  const flat = text?.replaceAll(/\{@link (\w+)\}/g, '$1').replaceAll(/\s+/g, ' ');
  return flat === undefined ? {} : { description: flat };
}

/** JSON as the formatter of this repository writes it: lists of plain values on one line. */
export function toText(schema: Schema): string {
  const text = JSON.stringify(schema, null, 2);
  return `${text.replaceAll(/\[\s+([^[\]{}]+?)\s+\]/g, (_, list: string) => `[${list.replaceAll(/,\s+/g, ', ')}]`)}\n`;
}
