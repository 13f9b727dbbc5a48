import { prepareToRun } from './orphans.ts';
import type { WorkerReply, WorkerRequest } from './program-worker.ts';
import { runCommand } from './run-command.ts';

/**
 * The worker's side of `programWorker`: runs what the daemon asks for, until their channel closes. What runs then is killed: no
 * program of a check outlives the daemon, however that has ended. Signals do nothing: a terminal or a service manager sends
 * them to every process of a service, and the daemon says when to end.
 */
export async function servePrograms(): Promise<void> {
  prepareToRun();
  const running = new Map<number, Disposable>();

  process.on('message', (request: WorkerRequest) => {
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
        process.send?.(reply, () => {});
      }),
    );
  });
  await new Promise<void>((resolve) => process.once('disconnect', resolve));
  for (const one of running.values()) {
    one[Symbol.dispose]();
  }
}
