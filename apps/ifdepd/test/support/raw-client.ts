import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { until } from '@ifdepd/netlab';

/** A connection to a control socket that says what it likes. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  /** What it was answered so far. */
  readonly answer: string;
  /** Whether the other end is gone. */
  readonly closed: boolean;
}

/** Says something, and reads what is answered. */
export function rawClient(path: string, says: string | Uint8Array = ''): RawClient {
  let answer = '';
  let closed = false;
  const socket = connect(path);
  // A client that is disconnected while it sends gets an error.
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.once('close', () => {
    closed = true;
  });
  socket.write(says);
  return {
    socket,
    get answer() {
      return answer;
    },
    get closed() {
      return closed;
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await until('a connection to be closed', () => closed);
    },
  };
}

/** What is answered until the other end hangs up. */
export async function answerTo(path: string, says: string | Uint8Array): Promise<string> {
  await using client = rawClient(path, says);
  await until(
    () => `the end of an answer to ${String(says).slice(0, 60)}, after ${client.answer}`,
    () => client.closed,
  );
  return client.answer;
}

/** A request without a body, to its empty line. */
export function head(method: string, target: string, ...headers: readonly string[]): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
}

/**
 * How many connections a process has accepted on a unix socket and not closed: their ends of it have its name in
 * /proc/PID/net/unix, state 03 (SS_CONNECTED of linux/net.h).
 */
export function accepted(pid: number, path: string): number {
  const lines = readFileSync(`/proc/${pid}/net/unix`, 'utf8').split('\n');
  return lines.filter((line) => line.endsWith(` ${path}`) && line.split(/\s+/)[5] === '03').length;
}
