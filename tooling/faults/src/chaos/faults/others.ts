import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { NetIf } from '@ifdepd/netif';
import { until } from '@ifdepd/netlab';
import { ask, askStatus } from '../../ask.ts';
import { badClients } from '../../bad-clients.ts';
import { busyLoops } from '../../busy-loops.ts';
import type { Fault } from '../fault.ts';
import { PARENT, REFUSING, RIVAL, RULES } from '../rules.ts';
import { destinationsOf } from '../world.ts';
import { flip } from './links.ts';

/** The other end has closed the connection, before a read or a write. */
const HUNG_UP = ['ECONNRESET', 'EPIPE'];

/** A group of interfaces of their own. */
const LATE = 78;

/**
 * Waits until the daemon answers clients again. Clients that have left count among the 64 connections until the daemon
 * has noticed, and meanwhile it disconnects new ones.
 */
async function roomFor(socket: string): Promise<void> {
  for (let answered = false; !answered; ) {
    try {
      await askStatus(socket);
      answered = true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && HUNG_UP.includes(String(error.code)))) {
        throw error;
      }
    }
  }
}

/** Whether an interface could be set up; another one with its address may be up already. */
function raises(netif: NetIf, name: string): boolean {
  try {
    netif.setAdmin(name, 'up');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      return false;
    }
    throw error;
  }
}

/** A third re-assertion within a minute would come one second after the second one. */
const MOST_FIGHTS = 2;

export const otherFaults: readonly Fault[] = [
  {
    id: 'R2',
    name: 'lists read while links change',
    weight: 2,
    async inject({ daemon, netif, random }) {
      const change = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
      const lines = Array.from({ length: 40 }, (_, at) => `link add late${at} group ${LATE} type bridge`);
      change.stdin.end(`${lines.join('\n')}\nlink del group ${LATE}\n`);
      for (let left = 5; left > 0; left -= 1) {
        daemon.signal('SIGHUP');
        netif.setAdmin('base0-x', random.chance(0.5) ? 'up' : 'down');
      }
      await once(change, 'close');
      netif.setAdmin('base0-x', 'up');
    },
  },
  {
    id: 'R6',
    name: 'destination changed by another program',
    weight: 4,
    async inject(world) {
      const id = world.random.pick(destinationsOf(world.rules));
      const fights = world.fought.get(id) ?? 0;
      const is = world.state(id);
      if (is === 'missing' || fights >= MOST_FIGHTS) {
        return;
      }
      world.fought.set(id, fights + 1);
      if (is === 'up') {
        world.lowered.add(id);
      }
      world.netif.setAdmin(id, is === 'up' ? 'down' : 'up');
    },
  },
  {
    id: 'R9',
    name: 'destination that cannot be set up',
    weight: 1,
    async inject(world) {
      const { netif, state } = world;
      if (
        state('em3') !== 'up' ||
        !destinationsOf(world.rules).includes(REFUSING) ||
        state(PARENT) !== 'up'
      ) {
        return;
      }
      netif.setAdmin('em3-x', 'down');
      // It may be down because the daemon has yet to raise it after an earlier fault.
      await until(`${REFUSING} to stay down`, () => state(REFUSING) === 'down' && raises(netif, RIVAL));
      netif.setAdmin('em3-x', 'up');
      if (world.random.chance(0.5)) {
        for (let error: string | null | undefined = null; error === null; ) {
          const { destinations } = await askStatus(world.socket);
          const mine = destinations.find(({ id }) => id === REFUSING);
          // Its group may want it down for another reason: then nothing can fail.
          error = mine?.want === 'up' && mine.is !== 'up' ? mine.error : undefined;
        }
      }
      netif.setAdmin(RIVAL, 'down');
    },
  },
  {
    id: 'R13',
    name: 'control clients: garbage, silence, too much data',
    weight: 2,
    async inject(world) {
      {
        await using _clients = badClients(world.socket, 80);
        flip(world);
        await askStatus(world.socket).catch(() => {});
      }
      await roomFor(world.socket);
    },
  },
  {
    id: 'R12',
    name: 'reload, mostly of another configuration or a bad one',
    weight: 4,
    async inject(world) {
      if (world.random.chance(0.3)) {
        writeFileSync(world.config, '{"groups": {"gateway": {"sources": ["em0"], "destinations": 7');
        await ask(world.socket, '/v1/reload', 'POST');
        world.configure(world.rules);
        return;
      }
      world.configure(world.random.pick(RULES));
      await ask(world.socket, '/v1/reload', 'POST');
      world.fought.clear();
    },
  },
  {
    id: 'R17',
    name: 'no processor left',
    weight: 1,
    async inject(world) {
      const loops = busyLoops();
      world.later.push(async () => await loops[Symbol.asyncDispose]());
      flip(world);
    },
  },
];
