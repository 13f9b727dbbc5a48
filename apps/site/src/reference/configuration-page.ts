import { keyLines, type Named, type Schema, schemaWords, sentence } from './schema-words.ts';

/** The keys of the configuration file as a page. @param schema the JSON Schema of the file */
export function configurationPage(schema: Schema & { readonly $defs: Named }): string {
  const keys = Object.entries(schema.properties ?? {}).filter(([key]) => key !== '$schema');
  return `${[
    '# Keys of the configuration',
    'Made from the JSON Schema of the file, which `ifdepd schema` prints. [ifdepd.conf(5)](/reference/ifdepd.conf.5) explains each key.',
    ...keys.flatMap(([key, value]) => described(key, value, schema.$defs)),
    ...Object.entries(schema.$defs).flatMap(([name, value]) => described(name, value, schema.$defs)),
  ].join('\n\n')}\n`;
}

/** A section about a schema. */
export function described(name: string, schema: Schema, named: Named): readonly string[] {
  const { description = schema.items?.description, ...plain } = schema;
  const { [name]: _itself, ...others } = named;
  return [
    `## ${name} {#${name.toLowerCase()}}`,
    `${description === undefined ? '' : `${sentence(description)} `}It is ${schemaWords(plain, others)}.`,
    keyLines(plain, others).join('\n'),
  ].filter((text) => text !== '');
}
