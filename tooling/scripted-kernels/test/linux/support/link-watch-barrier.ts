import { loadLibc } from '@ifdepd/libc';
import { enterNewNamespace } from '@ifdepd/netlab';
import { openRun } from './run-program.ts';

/** Waits until the kernel has reported every carrier that changed before the call, in any namespace. */
export interface LinkWatchBarrier extends Disposable {
  passed(): Promise<void>;
}

/**
 * link_watch reports carriers in the order in which they changed, 100 in a run and a run in a second. So a barrier changes a carrier of
 * its own, in a new namespace, and waits until that is reported. The thread stays in that namespace.
 */
export function linkWatchBarrier(): LinkWatchBarrier {
  enterNewNamespace();
  const run = openRun(loadLibc());
  const [bridge, port] = ['bridge0', 'port0'];
  for (const operation of [
    { op: 'create', kind: 'bridge', name: bridge },
    { op: 'create', kind: 'veth', name: port, peer: 'peer0' },
    { op: 'admin', name: bridge, to: 'up', by: 'ioctl' },
    { op: 'admin', name: port, to: 'up', by: 'ioctl' },
    { op: 'admin', name: 'peer0', to: 'up', by: 'ioctl' },
  ] as const) {
    run.apply(operation);
  }
  let waiters: (() => void)[] = [];
  let working = false;

  async function reported(running: boolean): Promise<void> {
    // Only link_watch changes the operational state.
    const flags = running ? 'flags 11043/0 up' : 'flags 1003/0 down';
    run.messages();
    run.apply({ op: 'master', name: port, to: running ? bridge : null });
    while (!run.messages().some((line) => line.includes(` ${bridge} ${flags}`))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function work(): Promise<void> {
    while (waiters.length > 0) {
      // Who comes later has changed a carrier perhaps after this one: another round.
      const served = waiters;
      waiters = [];
      await reported(true);
      await reported(false);
      for (const serve of served) {
        serve();
      }
    }
    working = false;
  }

  return {
    passed: () =>
      new Promise((resolve, reject) => {
        waiters.push(resolve);
        if (!working) {
          working = true;
          work().catch(reject);
        }
      }),
    [Symbol.dispose]: () => run[Symbol.dispose](),
  };
}
