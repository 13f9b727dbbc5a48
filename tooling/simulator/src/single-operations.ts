import type { Random } from '@ifdepd/faults';
import { CONFIGS, DESTINATIONS, GROUPS, SOURCES } from './host.ts';
import type { Fault, Operation } from './operation.ts';

/** The errnos of the calls that a daemon makes while it runs. */
const CALL_ERRNOS = [
  ['recvfrom', 'ENOBUFS'],
  ['recvfrom', 'ENOBUFS'],
  ['recvfrom', 'ENOMEM'],
  ['recvfrom', 'EAGAIN'],
  ['recvfrom', 'EINTR'],
  ['sendto', 'ENOBUFS'],
  ['sendto', 'EINTR'],
  ['ioctl', 'EBUSY'],
  ['ioctl', 'EPERM'],
  ['ioctl', 'ENOMEM'],
  ['setsockopt', 'ENOMEM'],
  ['setsockopt', 'ENOMEM'],
  ['pread', 'EIO'],
  ['open', 'EMFILE'],
  ['socket', 'EMFILE'],
  ['if_nameindex', 'ENOMEM'],
] as const;

/** What happens, without the time before it. */
export type Body<Kind = Operation> = Kind extends unknown ? Omit<Kind, 'afterMs'> : never;

/** Gaps between operations of which one concerns the other. */
export const SHORT_MS = [0, 0, 0, 1, 3, 10, 30, 100, 300] as const;

/** How long it takes until the next operation: bursts, and quiet in which every delay passes. */
export function gapMs(random: Random): number {
  if (random.chance(0.5)) {
    return random.pick([0, 0, 1, 3, 10, 30, 100, 300, 900, 1100, 1500, 1900]);
  }
  return random.chance(0.6) ? 1000 + random.below(10_000) : 40_000 + random.below(120_000);
}

export function quietMs(random: Random): number {
  return 40_000 + random.below(20_000);
}

export function cableTo(random: Random, to: 'up' | 'down'): Body {
  return { do: 'cable', name: random.pick([...SOURCES, ...SOURCES, 'lan0']), to };
}

export function cable(random: Random): Body {
  return cableTo(random, random.pick(['up', 'down']));
}

/** A cable is pulled or plugged in later, while the daemon does something else. */
export function laterCable(random: Random, withinMs: readonly number[] = [1, 5, 10, 20, 40, 80, 200]): Body {
  const [name, to] = [random.pick(SOURCES), random.pick(['up', 'down'] as const)];
  return { do: 'cable', name, to, inMs: random.pick(withinMs) };
}

/** An operator pauses a group while the daemon does something else. */
export function laterCommand(random: Random): Body {
  return { do: 'pause', group: random.pick(GROUPS), forMs: 30_000, inMs: random.pick([20, 80, 200, 400]) };
}

export function reload(random: Random): Body {
  return { do: 'reload', config: random.below(CONFIGS.length) };
}

export function failing(random: Random): Body {
  const [call, errno] = random.pick(CALL_ERRNOS);
  // A receive that goes on failing otherwise reports an overrun once, and is interrupted seldom.
  const most = call === 'recvfrom' && errno !== 'EAGAIN' && errno !== 'ENOMEM' ? 30 : 10_000;
  return {
    do: 'fail',
    call,
    errno,
    times: random.pick([1, 1, 2, 5, 30, most]),
    skip: random.pick([0, 0, 1, 3]),
    every: random.pick([1, 1, 1, 2, 3]),
    forMs: random.pick([50, 1000, 5000, 60_000]),
  };
}

export function slow(random: Random): Body {
  const [call, ms] = [random.pick(['ioctl', 'recvfrom', 'sendto']), random.pick([1, 6, 12, 60])];
  return { do: 'slow', call, ms, forMs: random.pick([100, 2000, 10_000]) };
}

/** A change of interfaces by another program, or of cards. */
export function change(random: Random): Body {
  switch (random.below(6)) {
    case 0:
      return { do: 'remake', name: random.pick(DESTINATIONS) };
    case 1:
      return { do: 'rename', name: random.pick([...DESTINATIONS, ...SOURCES]) };
    case 2:
      return { do: random.pick(['unplug', 'plug', 'plug']), name: random.pick(SOURCES) };
    case 3:
      return reload(random);
    default:
      return cable(random);
  }
}

/** One operation of each kind. */
export const SINGLE: Readonly<Record<Fault, (random: Random) => Body>> = {
  others: (random) =>
    random.chance(0.4)
      ? random.chance(0.5)
        ? { do: 'remake', name: random.pick(DESTINATIONS) }
        : { do: 'rename', name: random.pick([...DESTINATIONS, ...SOURCES]) }
      : {
          do: 'admin',
          name: random.pick([...DESTINATIONS, ...SOURCES, 'lan0']),
          to: random.pick(['up', 'down', 'up']),
        },
  cards: (random) => ({ do: random.pick(['unplug', 'plug', 'plug']), name: random.pick(SOURCES) }),
  clock: (random) =>
    random.chance(0.5)
      ? { do: 'suspend', ms: random.pick([5, 50, 900, 20_000]) }
      : random.chance(0.5)
        ? { do: 'close-window' }
        : { do: 'set-wall-clock', byMs: random.pick([-3_600_000, -1000, 1000, 86_400_000]) },
  operator(random) {
    const group = random.pick(GROUPS);
    const forMs = random.pick([null, 500, 30_000]);
    return random.pick<Body>([
      { do: 'pause', group, forMs },
      { do: 'down', group, forMs },
      { do: 'resume', group },
      { do: 'resume', group },
      { do: 'up', group },
      { do: 'up', group },
      reload(random),
    ]);
  },
  process: (random) => {
    const what = random.pick(['stop', 'kill', 'crash', 'start', 'start', 'start', 'start'] as const);
    return what === 'crash' ? { do: what, calls: random.below(random.pick([5, 50, 500])) } : { do: what };
  },
  calls: (random) =>
    random.chance(0.3)
      ? { do: 'heal' }
      : random.chance(0.3)
        ? slow(random)
        : random.chance(0.1)
          ? { do: 'scarce-memory', forMs: 60_000 }
          : failing(random),
  disk: (random) =>
    random.chance(0.3)
      ? { do: 'cut-power', part: random.pick([0, 0.5, 0.9, 1]) }
      : {
          do: 'fail-disk',
          errno: random.pick(['ENOSPC', 'EIO', 'EROFS']),
          times: random.pick([1, 2, 5, 30, 1000]),
          skip: random.pick([0, 0, 1, 3, 10]),
        },
};
