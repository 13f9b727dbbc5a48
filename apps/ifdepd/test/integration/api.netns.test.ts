import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, home, socket } from '../support/program.ts';

const PORT = 9817;
const CONFIGURATION = `groups:
  gateway:
    sources: [em0, {probe: self}, {probe: speed}]
    destinations: [carp0, {file: ${join(home, 'weight')}, value: weight}]
    restore: manual
probes:
  self: {ping: 127.0.0.1, every: 200ms}
  speed: {speed: em0, at-least: 10M}
metrics: {listen: ${PORT}}
`;

interface Operation {
  readonly description?: string;
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, object>> }>>;
}
const document = JSON.parse(
  readFileSync(new URL('../../schema/ifdepd.openapi.json', import.meta.url), 'utf8'),
) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** The document, in which an object has no key that is not named: later versions may add some, this one has them all. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(strict);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const same = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strict(inner)]));
  return 'type' in value && value.type === 'object' && 'properties' in value
    ? { additionalProperties: false, ...same }
    : same;
}
const ajv = new Ajv2020({ strict: false }).addSchema(strict(document) as object, 'api');

/** A request to a path of the document, with names for what stands in braces. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly names?: string;
  readonly query?: string;
  readonly origin?: string;
  /** Where the port of the metrics is asked in place of the control socket. */
  readonly port?: number;
}

async function ask({ method, path, names = 'gateway', query = '', origin, port }: Asked) {
  const sent = request({
    ...(port === undefined ? { socketPath: socket } : { port, host: '127.0.0.1' }),
    method: method.toUpperCase(),
    path: `${path.replace(/\{\w+\}/, names)}${query}`,
    headers: { host: 'localhost', ...(origin !== undefined && { origin }) },
  }).end();
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    sent.once('error', reject).once('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then(
        (body) => resolve({ status, type: headers['content-type']?.split(';')[0] ?? '', body }),
        reject,
      );
    });
  });
}

/** Asks, and holds the answer against what the document says of it. @returns its status */
async function judged(asked: Asked): Promise<number> {
  const { status, type, body } = await ask(asked);
  const where = ['paths', asked.path, asked.method, 'responses', `${status}`, 'content', type, 'schema'];
  const pointer = where.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = ajv.compile({ $ref: `api#/${pointer.join('/')}` });
  const answers = type.includes('json') ? body.trim().split('\n') : [JSON.stringify(body)];
  expect(answers.join('').length).toBeGreaterThan(0);
  for (const answer of answers) {
    validate(JSON.parse(answer));
    expect(validate.errors ?? [], `${asked.method} ${asked.path}: ${answer}`).toEqual([]);
  }
  return status;
}

test('the answers of a running daemon to each path of the OpenAPI document are as it describes them', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile(CONFIGURATION);
  await using running = await daemon(['-f', file.path, '-s', socket]);
  await running.line(/gateway: .*up/);
  for (const { path, method, operation } of operations) {
    expect([path, await judged({ path, method })]).toEqual([path, 200]);
    const isShown = operation.description?.includes('--metrics') === true;
    const atPort = { path, method, port: PORT };
    expect([path, isShown ? await judged(atPort) : (await ask(atPort)).status]).toEqual([
      path,
      isShown ? 200 : 404,
    ]);
  }
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  expect(await judged({ method: 'get', path: '/v1/status' })).toBe(200);
  expect(await judged({ method: 'get', path: '/v1/explain' })).toBe(200);
  file.write('groups: {gateway: {sources: [em0], destinations: [em0]}}\n');
  const refused: readonly (readonly [status: number, asked: Asked])[] = [
    [400, { method: 'get', path: '/v1/events', query: '?last=x' }],
    [400, { method: 'post', path: '/v1/groups/{group}/pause', query: '?for=ever' }],
    [400, { method: 'post', path: '/v1/groups/{group}/down', query: '?for=ever' }],
    [400, { method: 'post', path: '/v1/groups/{group}/down', query: '?for=0' }],
    [404, { method: 'get', path: '/v1/explain/{name}', names: 'nothing' }],
    [409, { method: 'post', path: '/v1/groups/{group}/restore' }],
    [422, { method: 'post', path: '/v1/reload' }],
    ...operations
      .filter(({ path }) => path.includes('{group}'))
      .map(({ path, method }) => [404, { path, method, names: 'nothing' }] as const),
    ...operations
      .filter(({ method }) => method === 'post')
      .map(({ path, method }) => [403, { path, method, origin: 'http://elsewhere' }] as const),
  ];
  for (const [status, asked] of refused) {
    expect([asked, await judged(asked)]).toEqual([asked, status]);
  }
});
