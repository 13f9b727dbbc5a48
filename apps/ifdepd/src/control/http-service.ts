import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { plainJson } from '../log/printable.ts';

/** An answer: text at once, or a stream of lines that begins with some. */
export type Answer =
  | { readonly status: number; readonly type: string; readonly body: string; readonly allow?: string }
  | { readonly lines: string; readonly follow: (write: (line: string) => void) => Disposable };

/** A request, as far as anything here needs it. */
export interface Request {
  readonly method: string;
  readonly path: readonly string[];
  /** What stands after the '?', and in a body that is a form or a JSON object of texts. */
  readonly query: URLSearchParams;
}

/** How long a whole request may take, and an answer that nobody reads. */
const LIMIT_MS = 10_000;

const LARGEST_BODY = 64 * 1024;

/** What may wait for the reader of a stream before it is dropped. */
const MOST_WAITING_BYTES = 256 * 1024;

/**
 * HTTP/1.1 over connections that somebody else accepts. A server that listens by itself would wake every half minute.
 */
export function httpService(
  answer: (request: Request) => Answer | Promise<Answer>,
): (socket: Socket) => void {
  const server: Server = createServer({ maxHeaderSize: 8192, keepAlive: false }, (request, response) => {
    void handle(request, response, answer);
  });
  return (socket) => {
    const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
    socket.once('close', () => clearTimeout(limit));
    socket.on('error', () => socket.destroy());
    limits.set(socket, limit);
    server.emit('connection', socket);
    socket.resume();
  };
}

const limits = new WeakMap<Socket, NodeJS.Timeout>();

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Answer | Promise<Answer>,
): Promise<void> {
  response.setHeader('connection', 'close');
  const body = await readBody(request);
  if (body === null) {
    send(response, {
      status: 413,
      type: 'text/plain',
      body: `the body is larger than ${LARGEST_BODY} bytes\n`,
    });
    request.socket.destroySoon();
    return;
  }
  let result: Answer;
  try {
    const url = new URL(request.url ?? '/', 'http://ifdepd');
    const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
    for (const [name, value] of fieldsOf(body)) {
      url.searchParams.append(name, value);
    }
    result = await answer({ method: request.method ?? 'GET', path, query: url.searchParams });
  } catch (error) {
    const bad = error instanceof URIError || error instanceof TypeError;
    const body = `${plainJson({ error: error instanceof Error ? error.message : String(error) })}\n`;
    result = { status: bad ? 400 : 500, type: 'application/json', body };
  }
  send(response, result);
}

function send(response: ServerResponse, answer: Answer): void {
  if ('body' in answer) {
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': Buffer.byteLength(answer.body),
      ...(answer.allow === undefined ? {} : { allow: answer.allow }),
    });
    response.end(answer.body);
    return;
  }
  const { socket } = response;
  clearTimeout(socket === null ? undefined : limits.get(socket));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(answer.lines);
  const following = answer.follow((line) => {
    if (response.writableLength > MOST_WAITING_BYTES) {
      response.destroy();
    } else {
      response.write(line);
    }
  });
  response.flushHeaders();
  response.once('close', () => following[Symbol.dispose]());
}

/**
 * The fields of a body, `for=10m` or `{"for": "10m"}`: what was said must not be lost because of where it was said.
 *
 * @throws {TypeError} where it is neither
 */
function fieldsOf(body: string): Iterable<readonly [string, string]> {
  if (body.trim() === '') {
    return [];
  }
  if (!body.trimStart().startsWith('{')) {
    return new URLSearchParams(body.trim());
  }
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    throw new TypeError('the body is no JSON');
  }
  return Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]);
}

/** @returns null where it is too large */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    let size = Number(request.headers['content-length'] ?? 0);
    if (size > LARGEST_BODY) {
      resolve(null);
      return;
    }
    size = 0;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > LARGEST_BODY) {
        resolve(null);
        request.pause();
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('close', () => resolve(null));
  });
}
