import * as z from 'zod/mini';
import { fileShape } from '../../src/config/shape.ts';

/** The JSON Schema of the shape of a configuration file, as the formatter of this repository writes it. */
export function generatedSchema(): string {
  const schema = z.toJSONSchema(fileShape, { io: 'input', unrepresentable: 'any' });
  // Lists of plain values stand on one line.
  const text = JSON.stringify(schema, null, 2).replaceAll(
    /\[\s+([^[\]{}]+?)\s+\]/g,
    (_, list: string) => `[${list.replaceAll(/,\s+/g, ', ')}]`,
  );
  return `${text}\n`;
}
