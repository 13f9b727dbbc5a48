import { until } from '@ifdepd/netlab';
import type { Answer, Observation, Request } from '../agent/messages.ts';
import type { Kernel } from '../fetch/kernel.ts';
import { type LineSocket, lineSocket } from './line-socket.ts';
import { type Accelerator, type Machine, startMachine } from './qemu.ts';

/** A machine whose agent answers. */
export interface Guest extends AsyncDisposable {
  readonly machine: Machine;
  readonly accelerator: Accelerator;
  /** process.version of the guest. */
  readonly node: string;
  /** How long it took until the agent answered. */
  readonly bootMs: number;
  /**
   * @param quietMs how long it may take on a quiet machine. Default: 120,000
   * @throws {Error} where what was asked for failed, with the reason
   */
  ask(request: Request, quietMs?: number): Promise<Answer>;
  /** Everything that the agent has sent by itself, oldest first. */
  readonly observations: readonly Observation[];
}

/** How long a kernel may take on a quiet machine until its first line: emulation of a whole boot takes less. */
const FIRST_LINE_QUIET_MS = { kvm: 10_000, tcg: 60_000 } as const;

/** How long a guest may take on a quiet machine for a boot, or for a request. */
const QUIET_MS = 120_000;

/**
 * Boots a kernel. A processor may offer KVM and yet never run the guest, as in a virtual machine: that is tried, and emulation
 * takes its place where the guest writes no line.
 *
 * @param accelerators in the order in which they are tried
 * @throws {Error} where none of them boots
 */
export async function bootGuest(
  kernel: Kernel,
  initramfs: Buffer,
  accelerators: readonly Accelerator[],
): Promise<Guest> {
  const faults: unknown[] = [];
  for (const accelerator of accelerators) {
    try {
      return await boot(kernel, initramfs, accelerator);
    } catch (error) {
      faults.push(error);
    }
  }
  throw new Error(faults.map(String).join('\n'));
}

async function boot(kernel: Kernel, initramfs: Buffer, accelerator: Accelerator): Promise<Guest> {
  const began = performance.now();
  const machine = await startMachine(kernel, initramfs, accelerator);
  try {
    await until(
      () => `the first line of Linux ${kernel.release} with ${accelerator}`,
      () => machine.console() !== '' || failed(machine),
      FIRST_LINE_QUIET_MS[accelerator],
    );
    return await connected(machine, accelerator, began);
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}

async function connected(machine: Machine, accelerator: Accelerator, began: number): Promise<Guest> {
  const waiting = new Map<number, (answer: Answer) => void>();
  const observations: Observation[] = [];
  function receive(value: object): void {
    if ('see' in value) {
      observations.push(value as Observation);
    } else {
      const answer = value as Answer;
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    }
  }
  const socket: LineSocket = await lineSocket(machine.agent, receive).catch(async (error) => {
    // QEMU listens as long as it runs: its end says more.
    await until(`QEMU to end, which does not answer: ${error}`, () => failed(machine));
    throw error;
  });
  let last = 0;
  const { node } = await until(
    () => `the agent in the guest to answer; its console ends:\n${machine.console().slice(-2000)}`,
    () => observations.find((one) => one.see === 'ready') ?? failed(machine),
    QUIET_MS,
  );
  return {
    machine,
    accelerator,
    node,
    bootMs: performance.now() - began,
    observations,
    async ask(request, quietMs = QUIET_MS) {
      last += 1;
      const id = last;
      let answer: Answer | undefined;
      waiting.set(id, (one) => {
        answer = one;
      });
      socket.send({ ...request, id });
      const said = JSON.stringify(request);
      const done = await until(`the guest to do ${said}`, () => answer ?? failed(machine), quietMs);
      if (done.error !== '' && done.status !== 0) {
        throw new Error(`${said} in the guest: status ${done.status}: ${done.error}`);
      }
      return done;
    },
    async [Symbol.asyncDispose]() {
      socket[Symbol.dispose]();
      await machine[Symbol.asyncDispose]();
    },
  };
}

/** False while the machine runs. @throws {Error} once it has ended */
function failed(machine: Machine): false {
  const fault = machine.fault();
  if (fault !== null) {
    throw new Error(`${fault}\nThe console of the guest ends:\n${machine.console().slice(-2000)}`);
  }
  return false;
}
