import { loadLibc } from '@ifdepd/libc';
import { keepDescriptors } from './descriptors.ts';
import { lines } from './lines.ts';
import { adoptOrphans } from './orphans.ts';
import type { WorkerReply, WorkerRequest } from './program-worker.ts';
import { runCommand } from './run-command.ts';

/**
 * The worker's side of `programWorker`: runs what standard input asks for, until its end. What runs then is killed: no
 * program of a check outlives the daemon, however that has ended. Signals do nothing: a terminal or a service manager sends
 * them to every process of a service, and the daemon says when to end.
 */
export async function servePrograms(): Promise<void> {
  const libc = loadLibc();
  keepDescriptors(libc);
  adoptOrphans(libc);
  const running = new Map<number, Disposable>();

  function take(line: string): void {
    const request = JSON.parse(line) as WorkerRequest;
    if ('end' in request) {
      running.get(request.end)?.[Symbol.dispose]();
      running.delete(request.end);
      return;
    }
    const { run, command } = request;
    running.set(
      run,
      runCommand(command, (result) => {
        running.delete(run);
        const reply: WorkerReply = { run, ...result };
        process.stdout.write(`${JSON.stringify(reply)}\n`);
      }),
    );
  }

  process.stdin.on('data', lines(take));
  await new Promise<void>((resolve) => {
    process.stdin.once('close', resolve);
    process.stdout.once('error', () => resolve());
  });
  for (const one of running.values()) {
    one[Symbol.dispose]();
  }
}
