import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { wayOut } from '../command.ts';
import type { Kernel } from '../fetch/kernel.ts';
import type { Architecture } from '../known-kernels.ts';
import { machineWords } from './machine-words.ts';
import { openQmp, type Qmp } from './qmp.ts';

/** How instructions are run: by the processor itself, or by emulation. */
export type Accelerator = 'kvm' | 'tcg';

/** A running virtual machine. */
export interface Machine extends AsyncDisposable {
  readonly architecture: Architecture;
  readonly qmp: Qmp;
  /** The socket of the agent's port. */
  readonly agent: string;
  /** Everything that the guest has written to its console. */
  console(): string;
  /** Why QEMU has ended; null while it runs. */
  fault(): string | null;
}

/**
 * Starts a machine. It has no way out: its cards are on hubs of QEMU.
 *
 * @throws {Error} where QEMU is missing or ends at once
 */
export async function startMachine(
  kernel: Kernel,
  initramfs: Buffer,
  accelerator: Accelerator,
): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-vm-'));
  const sockets = { qmp: join(folder, 'qmp'), agent: join(folder, 'agent') };
  const console = join(folder, 'console');
  writeFileSync(join(folder, 'initramfs'), initramfs);
  const { program, words } = machineWords(kernel, accelerator, folder);
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const fault = faultOf(child, program);

  async function end(): Promise<void> {
    child.kill('SIGKILL');
    await until(`${program} to end`, () => fault() !== null);
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    // QEMU listens at one socket after another, and at the agent's last.
    await until(`${program} to listen`, () => existsSync(sockets.agent) || fault() !== null);
    const reason = fault();
    if (reason !== null) {
      throw new Error(reason);
    }
    const qmp = await openQmp(sockets.qmp);
    return {
      architecture: kernel.architecture,
      qmp,
      agent: sockets.agent,
      fault,
      console: () => (existsSync(console) ? readFileSync(console, 'latin1') : ''),
      async [Symbol.asyncDispose]() {
        qmp[Symbol.dispose]();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Notes why a process has ended. */
function faultOf(child: ChildProcess, program: string): () => string | null {
  let fault: string | null = null;
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.once('error', ({ message }) => {
    fault = `cannot run ${program}: ${message}. ${wayOut(program)}`;
  });
  child.once('close', (code, signal) => {
    fault ??= `${program} has ended (${signal ?? `exit ${code}`}): ${errors.trim()}`;
  });
  return () => fault;
}
