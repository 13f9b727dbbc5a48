import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NetIf, openNetIf } from '@ifdepd/netif';
import { cable, ip, ipBatch, type SlowSets, slowSets } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import { type DaemonProcess, home, startProcess } from '../daemon-process.ts';
import type { Random } from '../random.ts';
import {
  ALL_DESTINATIONS,
  configText,
  DESTINATIONS,
  PARENT,
  REFUSING,
  RIVAL,
  RULES,
  SLOW,
  SOURCES,
} from './rules.ts';

/** The interfaces, the daemon, and what the faults did to them. */
export interface World extends AsyncDisposable {
  readonly netif: NetIf;
  readonly random: Random;
  readonly socket: string;
  readonly config: string;
  readonly daemon: DaemonProcess;
  /** The last configuration of the daemon. */
  readonly rules: PolicyConfig;
  /**
   * Destinations that another program has set down or made again since they were last seen up. Without `enforce` they may
   * be down although their groups want them up.
   */
  readonly lowered: Set<string>;
  /** How often another program changed each destination: the daemon answers more and more slowly. */
  readonly fought: Map<string, number>;
  /** Makes the calls slow by which the daemon sets interfaces. */
  readonly slowSets: SlowSets;
  /** Undone once the daemon has come to rest. */
  readonly later: (() => void | Promise<void>)[];
  /** Whether an interface is up, down, or not there. */
  state(name: string): 'up' | 'down' | 'missing';
  configure(rules: PolicyConfig): void;
  /** Starts the daemon, again if it has ended. */
  start(): Promise<void>;
}

export async function createWorld(program: string, random: Random): Promise<World> {
  for (const name of [...SOURCES, ...DESTINATIONS, PARENT]) {
    cable(name);
  }
  for (const name of [REFUSING, RIVAL]) {
    ip('link', 'add', 'link', PARENT, 'name', name, 'address', '02:00:00:00:00:01', 'type', 'macvlan');
  }
  ipBatch(
    SLOW.flatMap((name) => [
      `link add link ${PARENT} name ${name} type macvlan mode bridge`,
      `link set ${name} up`,
    ]),
  );
  const place = home();
  const slow = slowSets(join(place.folder, 'slow-sets'));
  const netif = openNetIf();
  const config = join(place.folder, 'ifdepd.conf');
  let rules = RULES[0] as PolicyConfig;
  let daemon: DaemonProcess;

  const world: World = {
    netif,
    random,
    socket: place.socket,
    config,
    get daemon() {
      return daemon;
    },
    get rules() {
      return rules;
    },
    lowered: new Set(),
    fought: new Map(),
    slowSets: slow,
    later: [],
    state(name) {
      try {
        return netif.flags(name).up ? 'up' : 'down';
      } catch {
        return 'missing';
      }
    },
    configure(next) {
      rules = next;
      writeFileSync(config, configText(next));
    },
    async start() {
      world.fought.clear();
      daemon = await startProcess(program, ['--wait', '-f', config], place, slow);
    },
    async [Symbol.asyncDispose]() {
      for (const undo of world.later.splice(0)) {
        await undo();
      }
      daemon.signal('SIGKILL');
      await daemon.ended();
      netif.close();
      place[Symbol.dispose]();
    },
  };
  world.configure(rules);
  await world.start();
  return world;
}

/** Destinations that the present rules name. */
export function destinationsOf({ groups }: PolicyConfig): readonly string[] {
  const named = new Set(Object.values(groups).flatMap(({ destinations }) => destinations));
  return ALL_DESTINATIONS.filter((id) => named.has(id));
}
