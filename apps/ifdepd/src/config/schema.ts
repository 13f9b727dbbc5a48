/** The JSON Schema (2020-12) of the configuration. `npm run schema` writes it: it is generated from the shape of the file. */
export { default as configSchema } from '../../schema/ifdepd.schema.json' with { type: 'json' };
