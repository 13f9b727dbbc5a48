import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Beside this one, as it is built. */
const program = fileURLToPath(new URL('clients.js', import.meta.url));

/**
 * Bad clients in a process of their own: what they take of an event loop is not to be taken for what they cost the
 * daemon. They have begun to connect when it resolves.
 */
export async function clientsProcess(socket: string, count: number): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [program, socket, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const [begun] = await Promise.race([once(child.stdout, 'data'), closed]);
  if (!(begun instanceof Buffer)) {
    throw new Error(`${program} ended with ${begun}`);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}
