import { defaultSocket, errorCode } from '../../system/directories.ts';
import { ExitCode, ExitError } from '../../system/errors.ts';

/** Not by `import`, which would compile undici on Node 22. */
const http: typeof import('node:http') = process.getBuiltinModule('node:http');

/** An answer of a daemon. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: string;
}

/** A request to a daemon. */
export interface ControlRequest {
  /** Default: {@link defaultSocket}. */
  readonly socket: string | undefined;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** Called with each piece of the answer as it comes; the answer then has no body. */
  readonly onText?: (text: string) => void;
}

/**
 * Asks the daemon behind a control socket.
 *
 * @throws {ExitError} 69 where no daemon answers, 77 where this user may not use the socket
 */
export function askDaemon({ socket, method = 'GET', path, onText }: ControlRequest): Promise<ControlAnswer> {
  const socketPath = socket ?? defaultSocket();
  return new Promise((resolve, reject) => {
    const asking = http.request(
      { socketPath, method, path, timeout: onText === undefined ? 15_000 : 0 },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          if (onText === undefined || response.statusCode !== 200) {
            body += text;
          } else {
            onText(text);
          }
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.once('error', () => reject(unavailable(socketPath, 'it stopped answering')));
      },
    );
    asking.once('timeout', () => asking.destroy(new Error('it does not answer')));
    asking.once('error', (error) => {
      const code = errorCode(error);
      if (code === 'EACCES' || code === 'EPERM') {
        const message = `not permitted to use ${socketPath}: run as root, or as a member of the group it belongs to`;
        reject(new ExitError(ExitCode.notPermitted, message, { cause: error }));
      } else if (code === 'ECONNRESET' || code === 'EPIPE') {
        const message = `the daemon at ${socketPath} hung up (${code}): it serves 64 clients at a time and needs a free descriptor for each; ask again`;
        reject(new ExitError(ExitCode.unavailable, message, { cause: error }));
      } else {
        reject(unavailable(socketPath, code === '' ? error.message : code));
      }
    });
    asking.end();
  });
}

function unavailable(socket: string, reason: string): ExitError {
  return new ExitError(
    ExitCode.unavailable,
    `no daemon answers at ${socket} (${reason}): start one, or name its control socket with -s PATH`,
  );
}

/**
 * The JSON of an answer.
 *
 * @throws {ExitError} with the error of the daemon
 */
export function answerJson<Value>({ status, body }: ControlAnswer): Value {
  if (status === 200) {
    return JSON.parse(body) as Value;
  }
  let said: { readonly error?: unknown; readonly exitCode?: unknown } = {};
  try {
    said = JSON.parse(body) as typeof said;
  } catch {}
  const codes: readonly ExitCode[] = Object.values(ExitCode);
  const exit =
    codes.find((code) => code === said.exitCode) ?? (status === 404 ? ExitCode.failed : ExitCode.internal);
  throw new ExitError(
    exit,
    typeof said.error === 'string' ? said.error : `the daemon answered ${status}: ${body.trim()}`,
  );
}
