import { type LineSocket, lineSocket } from './line-socket.ts';

/** The commands that are used, with their arguments: QEMU QMP Reference Manual. */
export interface QmpCommands {
  readonly qmp_capabilities: Readonly<Record<string, never>>;
  /** Pulls or plugs the cable of a card. */
  readonly set_link: { readonly name: string; readonly up: boolean };
  readonly device_add: Readonly<Record<string, string>>;
  /** Asks the guest to let a device go; the event DEVICE_DELETED reports that it has. */
  readonly device_del: { readonly id: string };
  readonly system_wakeup: Readonly<Record<string, never>>;
  readonly quit: Readonly<Record<string, never>>;
}

/** A message that QEMU sends by itself. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** QEMU's monitor. */
export interface Qmp extends Disposable {
  /** @throws {Error} where QEMU refuses the command */
  run<Name extends keyof QmpCommands>(name: Name, words: QmpCommands[Name]): Promise<void>;
  /** Every event so far, oldest first. */
  readonly events: readonly QmpEvent[];
}

interface Answer {
  readonly id?: number;
  readonly error?: { readonly desc: string };
  readonly event?: string;
}

/** What stands for the answer of a QEMU that runs no more. */
const ENDED: Answer = { error: { desc: 'it has ended' } };

/** Connects to the monitor. QEMU greets first and takes no other command before its capabilities are agreed on. */
export async function openQmp(path: string): Promise<Qmp> {
  const waiting = new Map<number, (answer: Answer) => void>();
  const events: QmpEvent[] = [];
  let over = false;
  const socket: LineSocket = await lineSocket(
    path,
    (value) => {
      const answer = value as Answer;
      if (answer.event !== undefined) {
        events.push(answer as QmpEvent);
      } else if (answer.id !== undefined) {
        waiting.get(answer.id)?.(answer);
        waiting.delete(answer.id);
      }
    },
    () => {
      over = true;
      for (const answer of waiting.values()) {
        answer(ENDED);
      }
    },
  );
  let last = 0;
  async function run<Name extends keyof QmpCommands>(name: Name, words: QmpCommands[Name]): Promise<void> {
    last += 1;
    const id = last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send({ execute: name, arguments: words, id });
    const { error } = over ? ENDED : await answered;
    if (error !== undefined) {
      throw new Error(`QEMU refuses ${name} ${JSON.stringify(words)}: ${error.desc}`);
    }
  }
  await run('qmp_capabilities', {});
  return { run, events, [Symbol.dispose]: () => socket[Symbol.dispose]() };
}
