import * as z from 'zod/mini';
import { fileShape } from '../../src/config/shape.ts';
import { jsonText } from './json-text.ts';

/** The JSON Schema of the shape of a configuration file. */
export function generatedSchema(): string {
  return jsonText(z.toJSONSchema(fileShape, { io: 'input', unrepresentable: 'any' }));
}
