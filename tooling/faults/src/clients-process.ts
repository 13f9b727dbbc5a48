import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built file beside this one. */
const program = fileURLToPath(new URL('clients.js', import.meta.url));

/**
 * Runs bad clients in another process, so that their own work does not count as time of the daemon. Resolves when they
 * have begun to connect.
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
