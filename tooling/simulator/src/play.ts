import { createHash } from 'node:crypto';
import type { Libc } from '@ifdepd/libc';
import { operate } from '../../../apps/ifdepd/src/service/operate.ts';
import { reload } from '../../../apps/ifdepd/src/service/reload.ts';
import { DESTINATIONS } from './host.ts';
import { Judge } from './judge.ts';
import type { Operation } from './operation.ts';
import { World } from './world.ts';

/** What a simulation came to. */
export interface Played {
  /** Of everything that happened, each with its time: the same operations have the same hash on every machine. */
  readonly hash: string;
  /** The operations, up to the one after which something was wrong. */
  readonly operations: readonly Operation[];
  /** What was wrong; null for nothing. */
  readonly violation: string | null;
  readonly simulatedMs: number;
  /** Callbacks that the event loop made. */
  readonly calls: number;
  /** System calls that failed, and at most how many in one moment. */
  readonly failed: number;
  readonly mostAtOnce: number;
}

/** The end of a history, and of what is recorded of it. */
export interface PlayOptions {
  /** Milliseconds to simulate at most. Default: until the operations end. */
  readonly forMs?: number;
  /** Receives each line of the history. */
  readonly trace?: (line: string) => void;
  /** Replaces the calls of the kernel, to see that the judge finds a daemon that does not act. */
  readonly wrap?: (libc: Libc) => Libc;
}

/** Milliseconds at the end of a history in which nothing happens, so that everything comes to rest. */
const LAST_QUIET_MS = 120_000;

/** Plays operations on a host with a daemon, and judges after each of them. */
export async function play(operations: Iterable<Operation>, options: PlayOptions = {}): Promise<Played> {
  const { forMs = Number.POSITIVE_INFINITY, trace, wrap } = options;
  const hash = createHash('sha256');
  const note = (line: string): void => {
    const at = `${world.loop.now()} ${line}\n`;
    hash.update(at);
    trace?.(at);
  };
  const world = new World(({ event, message }) => {
    // It has the number of the process.
    if (event !== 'start') {
      note(message);
    }
  }, wrap);
  const judge = new Judge(world);
  const began = world.loop.now();
  const played: Operation[] = [];
  let states = '';

  function look(): string | null {
    const now = DESTINATIONS.map((name) => `${name} ${world.isUp(name)}`).join(', ');
    if (now !== states) {
      states = now;
      note(now);
    }
    return judge.wrong()[0] ?? null;
  }

  async function passed(ms: number): Promise<string | null> {
    const end = world.loop.now() + ms;
    for (let left = ms; left > 0; left = end - world.loop.now()) {
      await world.pass(Math.min(left, judge.nextLookMs));
      const wrong = look();
      if (wrong !== null) {
        return wrong;
      }
    }
    return look();
  }

  async function history(): Promise<string | null> {
    await world.start();
    judge.disturbed();
    for (const operation of operations) {
      if (world.loop.now() - began >= forMs) {
        break;
      }
      played.push(operation);
      const wrong = await passed(operation.afterMs);
      if (wrong !== null) {
        return wrong;
      }
      note(JSON.stringify(operation));
      await apply(operation, world, judge);
      await world.settle();
    }
    return await passed(LAST_QUIET_MS);
  }

  const violation = await history().catch((error: unknown) =>
    error instanceof Error ? `${error.stack?.split('\n').slice(0, 6).join('\n')}` : String(error),
  );
  const simulatedMs = world.loop.now() - began;
  try {
    await world.close();
  } catch (error) {
    return result(violation ?? String(error));
  }
  return result(violation);

  function result(violation: string | null): Played {
    const { calls } = world.loop;
    const { failed, mostAtOnce } = world.faults;
    return {
      hash: hash.digest('hex').slice(0, 16),
      operations: played,
      violation,
      simulatedMs,
      calls,
      failed,
      mostAtOnce,
    };
  }
}

async function apply(operation: Operation, world: World, judge: Judge): Promise<void> {
  const { kernel, loop, operator } = world;
  const { running } = world;
  judge.changed();
  switch (operation.do) {
    case 'cable':
      if (world.exists(operation.name)) {
        kernel.cable(operation.name, operation.to);
      }
      return;
    case 'admin': {
      const { name, to } = operation;
      if (world.exists(name)) {
        operator.apply({ op: 'admin', name, to, by: 'netlink' });
        if (to === 'down') {
          judge.lowered(name);
        }
        judge.disturbed();
      }
      return;
    }
    case 'unplug':
      if (world.exists(operation.name)) {
        kernel.detach(operation.name);
      }
      return;
    case 'plug':
      if (!world.exists(operation.name)) {
        kernel.attach(operation.name);
        operator.apply({ op: 'admin', name: operation.name, to: 'up', by: 'netlink' });
      }
      return;
    case 'remake':
      operator.apply({ op: 'delete', name: operation.name });
      world.make(operation.name);
      judge.lowered(operation.name);
      judge.disturbed();
      return;
    case 'close-window':
      kernel.closeWindow();
      judge.windowClosed();
      return;
    case 'suspend':
      kernel.pass(operation.ms);
      loop.callDue();
      judge.disturbed();
      return;
    case 'set-wall-clock':
      loop.stepWallClock(operation.byMs);
      return;
    case 'pause':
    case 'down':
    case 'resume':
    case 'up':
      if (running !== null) {
        const forMs = 'forMs' in operation ? operation.forMs : null;
        operate(running, operation.group, operation.do, forMs);
        judge.disturbed();
      }
      return;
    case 'reload':
      world.configure(operation.config);
      if (running !== null) {
        const refused = await world.driven(reload(running));
        judge.disturbed();
        if (refused !== null && world.faults.left === 0) {
          world.heard(`reload refused: ${refused.message}`);
        }
      }
      return;
    case 'stop':
    case 'kill':
      await world.end(operation.do);
      return;
    case 'start':
      if (running === null) {
        await startOrRefuse(world);
        judge.disturbed();
      }
      return;
    case 'fail':
      world.faults.fail(operation.call, operation.errno, operation.times, operation.skip ?? 0);
      judge.disturbed();
      return;
    case 'heal':
      world.faults.heal();
      return;
  }
}

/** A start may be refused while a call fails. @throws what else it throws */
async function startOrRefuse(world: World): Promise<void> {
  const failing = world.faults.left;
  try {
    await world.start();
  } catch (error) {
    const isRefusal = error instanceof Error && /Exit|System/.test(error.name);
    if (!isRefusal || world.faults.left === failing) {
      throw error;
    }
    world.heard(`start refused: ${error.message}`);
    world.faults.heal();
  }
}
