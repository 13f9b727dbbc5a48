import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';

/** A busy loop for each core, until disposed. */
export function busyLoops(): AsyncDisposable {
  const burners = cpus().map(() => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  return {
    async [Symbol.asyncDispose]() {
      for (const burner of burners) {
        burner.kill('SIGKILL');
        await once(burner, 'close');
      }
    },
  };
}
