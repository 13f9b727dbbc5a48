import type { IncomingMessage } from 'node:http';

/** The parts of a request that the routes need. */
export interface Request {
  readonly method: string;
  /** Decoded, not normalized: '..' is a name like any other. */
  readonly path: readonly string[];
  /** The fields after the '?', and those of a body that is a form or a JSON object of texts. */
  readonly query: URLSearchParams;
  /** The host that the client addresses, with its port if any; null without one (HTTP/1.0). */
  readonly host: string | null;
  /** The web page that a browser sends it for; null without one. */
  readonly origin: string | null;
}

/** Larger bodies are refused: the longest that makes sense is a duration. */
export const LARGEST_BODY = 64 * 1024;

/** RFC 9112, 3.2: the path and query alone, or behind scheme and authority. */
const TARGET = /^(?:https?:\/\/(?<authority>[^/?#]*))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/i;

/**
 * Reads a request to its end.
 *
 * @returns null where its body is too large, or the client has disconnected
 * @throws {TypeError} {URIError} where the target or the body cannot be understood
 */
export async function readRequest(message: IncomingMessage): Promise<Request | null> {
  const body = await readBody(message);
  if (body === null) {
    return null;
  }
  const { authority, path = '/', query } = TARGET.exec(message.url ?? '')?.groups ?? {};
  if (authority === undefined && !(message.url ?? '').startsWith('/')) {
    throw new TypeError('the request target must begin with a /');
  }
  const fields = new URLSearchParams(query);
  for (const [name, value] of fieldsOf(body)) {
    fields.append(name, value);
  }
  return {
    method: message.method ?? '',
    path: path.split('/').slice(1).map(decodeURIComponent),
    query: fields,
    // The target has precedence over the header (RFC 9112).
    host: authority ?? message.headers.host ?? null,
    origin: message.headers.origin ?? null,
  };
}

/**
 * The fields of a body, `for=10m` or `{"for": "10m"}`: they count like those of the query.
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
    throw new TypeError('the body is not JSON');
  }
  return Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]);
}

/** @returns null where it is too large or incomplete */
function readBody(message: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    if (Number(message.headers['content-length'] ?? 0) > LARGEST_BODY) {
      resolve(null);
      return;
    }
    let size = 0;
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > LARGEST_BODY) {
        resolve(null);
        message.pause();
      } else {
        chunks.push(chunk);
      }
    });
    message.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    message.once('close', () => resolve(null));
  });
}
