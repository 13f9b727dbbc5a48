import { until } from '@ifdepd/netlab';
import { type Card, deviceOf, slotOf } from '../machine/cards.ts';
import type { Guest } from '../machine/guest.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { type Links, linksOf } from './links.ts';

/** What a scenario works with. */
export interface Lab {
  readonly guest: Guest;
  readonly links: Links;
  /** How many rounds of cut and repair are made. */
  readonly rounds: number;
  /** Runs ip(8) in the guest. @throws {Error} where it fails */
  ip(words: string): Promise<string>;
  /** Runs a line of sh(1) in the guest. @throws {Error} where it fails */
  sh(line: string): Promise<string>;
  /** Pulls or plugs the cable of a card, from outside. */
  cable(card: string, plugged: boolean): Promise<void>;
  /** Puts a card into the running machine, and gives its interface the name of the card. */
  insert(card: Card): Promise<void>;
  /** Puts a card into the running machine. */
  insertUnnamed(card: Card): Promise<void>;
  /** Takes a card out of the running machine. */
  remove(card: string): Promise<void>;
  /** Starts the daemon; it is stopped when the scenario ends. */
  daemon(...words: readonly string[]): Promise<Daemon>;
  /** Waits until the kernel reports the carrier of an interface. */
  carrierOf(name: string, carrier: boolean): Promise<void>;
  /**
   * Waits for a condition.
   *
   * @param quietMs its limit on a quiet machine. Default: 40,000
   */
  wait(what: string, condition: () => boolean, quietMs?: number): Promise<void>;
  /** Every daemon of this scenario. */
  readonly daemons: readonly Daemon[];
}

/** Limits of a condition on a quiet machine. It ends a broken scenario, and times none. */
const WAIT_QUIET_MS = 40_000;

/** @param rounds how many rounds of cut and repair a scenario makes */
export function openLab(guest: Guest, rounds: number): Lab {
  const links = linksOf(guest.observations);
  const daemons: Daemon[] = [];

  async function run(argv: readonly string[]): Promise<string> {
    const { status, output, error } = await guest.ask({ do: 'run', argv });
    if (status !== 0) {
      throw new Error(`${argv.join(' ')} in the guest: exit ${status}: ${error}`);
    }
    return output;
  }
  const wait = async (
    what: string,
    condition: () => boolean,
    quietMs: number = WAIT_QUIET_MS,
  ): Promise<void> => {
    await until(what, condition, quietMs);
  };

  async function insertUnnamed(card: Card): Promise<void> {
    const { architecture, qmp } = guest.machine;
    const slot = architecture === 'arm64' ? { bus: slotOf(card) } : {};
    await qmp.run('device_add', { ...deviceOf(card), ...slot });
  }

  return {
    guest,
    links,
    rounds,
    daemons,
    wait,
    carrierOf: (name, carrier) =>
      wait(`${name} ${carrier ? 'with' : 'without'} a carrier`, () => links.is(name, 'carrier') === carrier),
    ip: (words) => run(['ip', ...words.split(' ')]),
    sh: (line) => run(['sh', '-c', line]),
    cable: (card, plugged) => guest.machine.qmp.run('set_link', { name: card, up: plugged }),
    insertUnnamed,
    async insert(card) {
      const before = guest.observations.length;
      await insertUnnamed(card);
      const name = await until(
        `the guest to find the card ${card.name}`,
        () => appeared(guest, before),
        WAIT_QUIET_MS,
      );
      await run(['ip', 'link', 'set', 'dev', name, 'name', card.name]);
    },
    async remove(card) {
      const before = guest.machine.qmp.events.length;
      await guest.machine.qmp.run('device_del', { id: card });
      const gone = (): boolean =>
        guest.machine.qmp.events
          .slice(before)
          .some(({ event, data }) => event === 'DEVICE_DELETED' && data?.['device'] === card);
      await wait(`the guest to let the card ${card} go`, gone);
    },
    async daemon(...words) {
      const daemon = await startDaemon(guest, words);
      daemons.push(daemon);
      return daemon;
    },
  };
}

/** The name of the card that has appeared: the kernel calls it `eth` and a number. */
function appeared({ observations }: Guest, since: number): string | undefined {
  return observations
    .slice(since)
    .flatMap((one) => (one.see === 'link' && /^eth\d+$/.test(one.name) ? [one.name] : []))[0];
}
