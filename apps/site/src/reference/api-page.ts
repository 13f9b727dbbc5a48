import { described } from './configuration-page.ts';
import { type Named, type Schema, schemaWords, sentence } from './schema-words.ts';

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
  }[];
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
      }
    >
  >;
}

/** The parts of an OpenAPI document that the page shows. */
export interface OpenApi {
  readonly info: { readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Named };
}

/** The HTTP API of the control socket as a page. */
export function apiPage({ info, paths, components: { schemas } }: OpenApi): string {
  return `${[
    '# HTTP API',
    `${info.description} The package has this as \`schema/ifdepd.openapi.json\`, an OpenAPI 3.1 document.`,
    '```sh\ncurl --unix-socket /run/ifdepd/ifdepd.sock http://localhost/v1/status\n```',
    ...Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, one]) =>
        operation(`${method.toUpperCase()} ${path}`, one, schemas),
      ),
    ),
    ...Object.entries(schemas).flatMap(([name, schema]) => described(name, schema, schemas)),
  ].join('\n\n')}\n`;
}

function operation(
  name: string,
  { summary, description, parameters = [], responses }: Operation,
  schemas: Named,
): readonly string[] {
  const answers = Object.entries(responses).flatMap(([status, response]) =>
    Object.entries(response.content).map(
      ([media, { schema }]) =>
        `- ${status}: ${status === '200' ? '' : `${response.description} `}\`${media}\`, ${schemaWords(schema, schemas)}.`,
    ),
  );
  return [
    `## \`${name}\``,
    [sentence(summary), description].join(' ').trim(),
    parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => `- \`?${parameter.name}=\`: ${parameter.description ?? ''}.`)
      .join('\n'),
    'It answers:',
    answers.join('\n'),
  ].filter((text) => text !== '');
}
