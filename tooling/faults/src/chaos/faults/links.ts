import { cable, ip, ipBatch } from '@ifdepd/netlab';
import type { Fault } from '../fault.ts';
import { DESTINATIONS, SOURCES } from '../rules.ts';
import type { World } from '../world.ts';

/** The name of a source that was renamed. */
const away = (source: string): string => `${source}-away`;

/** Interfaces are deleted as a group, which takes the kernel no longer than one of them does. */
const FLOOD = 77;

/** Cuts or repairs the cable of a source, if it has one now. */
export function flip(world: World): void {
  const far = `${world.random.pick(SOURCES)}-x`;
  const to = world.random.chance(0.4) ? 'down' : 'up';
  if (world.state(far) !== 'missing') {
    world.netif.setAdmin(far, to);
  }
}

function exists(world: World, name: string): boolean {
  return world.state(name) !== 'missing';
}

function bringBack(world: World, source: string): boolean {
  if (exists(world, source)) {
    return false;
  }
  if (exists(world, away(source))) {
    ip('link', 'set', away(source), 'name', source);
  } else {
    cable(source);
  }
  return true;
}

export const linkFaults: readonly Fault[] = [
  {
    id: 'R1',
    name: 'receive overrun',
    weight: 1,
    async inject(world) {
      const count = 12_000;
      const victim = world.random.pick(SOURCES.filter((name) => exists(world, name)));
      world.daemon.signal('SIGSTOP');
      try {
        // More messages about a watched interface than the kernel queues.
        ipBatch(Array.from({ length: count }, (_, at) => `link set ${victim} alias n${at}`));
        flip(world);
      } finally {
        world.daemon.signal('SIGCONT');
      }
    },
  },
  {
    id: 'R3',
    name: 'source deleted, made again',
    weight: 3,
    async inject(world) {
      const source = world.random.pick(SOURCES);
      const gone = SOURCES.filter((name) => !exists(world, name)).length;
      if (!bringBack(world, source)) {
        ip('link', 'del', source);
        // One may stay away for a while, the others return under another index.
        if (gone > 0 || world.random.chance(0.7)) {
          cable(source);
        }
      }
    },
  },
  {
    id: 'R4',
    name: 'destination deleted, made again',
    weight: 3,
    async inject(world) {
      const id = world.random.pick(DESTINATIONS);
      world.lowered.add(id);
      if (exists(world, id)) {
        ip('link', 'del', id);
      }
      if (world.random.chance(0.5)) {
        cable(id);
      } else {
        ip('link', 'add', id, 'type', 'veth', 'peer', 'name', `${id}-x`);
      }
    },
  },
  {
    id: 'R5',
    name: 'source renamed away and back, altname',
    weight: 3,
    async inject(world) {
      const source = world.random.pick(SOURCES);
      if (bringBack(world, source)) {
        return;
      }
      ip('link', 'set', source, 'name', away(source));
      if (world.random.chance(0.5)) {
        // An alternative name with its old name has the same effect.
        ip('link', 'property', 'add', 'dev', away(source), 'altname', source);
        flip(world);
        ip('link', 'property', 'del', 'dev', away(source), 'altname', source);
      }
      if (world.random.chance(0.7)) {
        ip('link', 'set', away(source), 'name', source);
      }
    },
  },
  {
    id: 'R10',
    name: 'sources flapping at random',
    weight: 8,
    async inject(world) {
      for (let left = 1 + world.random.below(30); left > 0; left -= 1) {
        flip(world);
      }
    },
  },
  {
    id: 'R18',
    name: 'interfaces appear and disappear',
    weight: 1,
    async inject(world) {
      const count = 30 + world.random.below(100);
      ipBatch(Array.from({ length: count }, (_, at) => `link add flood${at} group ${FLOOD} type bridge`));
      flip(world);
      ip('link', 'del', 'group', String(FLOOD));
    },
  },
];
