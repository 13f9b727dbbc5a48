import type { Random } from '@ifdepd/faults';
import { CONFIGS, DESTINATIONS, GROUPS, SOURCES } from './host.ts';

/** One thing that happens to a host, and how long after the one before it. */
export type Operation = { readonly afterMs: number } & (
  | { readonly do: 'cable'; readonly name: string; readonly to: 'up' | 'down' }
  /** Another program sets an interface. */
  | { readonly do: 'admin'; readonly name: string; readonly to: 'up' | 'down' }
  /** A card is unplugged, and plugged in again later. */
  | { readonly do: 'unplug' | 'plug'; readonly name: string }
  /** An interface gets another name, or its own name again. */
  | { readonly do: 'rename'; readonly name: string }
  /** A destination is removed and made anew. */
  | { readonly do: 'remake'; readonly name: string }
  /** Another network namespace has an event: link_watch waits for a second. */
  | { readonly do: 'close-window' }
  /** The daemon does not run for some time. */
  | { readonly do: 'suspend'; readonly ms: number }
  | { readonly do: 'set-wall-clock'; readonly byMs: number }
  | {
      readonly do: 'pause' | 'down';
      readonly group: string;
      readonly forMs: number | null;
    }
  | { readonly do: 'resume' | 'up'; readonly group: string }
  | { readonly do: 'reload'; readonly config: number }
  | { readonly do: 'stop' | 'kill' | 'start' }
  /** The daemon that runs, or the next one, is killed before it makes a call of the kernel or the disk, after so many. */
  | { readonly do: 'crash'; readonly calls: number }
  /** The host loses its power and starts again. Of each file that part is left that was not written at the last time. */
  | { readonly do: 'cut-power'; readonly part: number }
  /** So many calls that change the disk fail. */
  | { readonly do: 'fail-disk'; readonly errno: string; readonly times: number }
  /** A call fails with an errno, so many times. Before that it is made `skip` times; default: 0. */
  | {
      readonly do: 'fail';
      readonly call: string;
      readonly errno: string;
      readonly times: number;
      readonly skip?: number;
    }
  /** Each call of a name takes so many milliseconds, for so long. */
  | { readonly do: 'slow'; readonly call: string; readonly ms: number; readonly forMs: number }
  /** All calls succeed again. */
  | { readonly do: 'heal' }
);

/** The kinds of operations that make up faults, beside cables that are pulled: words for `--faults`. */
export const FAULTS = ['others', 'cards', 'clock', 'operator', 'process', 'calls', 'disk'] as const;
export type Fault = (typeof FAULTS)[number];

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
  ['pread', 'EIO'],
  ['open', 'EMFILE'],
  ['socket', 'EMFILE'],
  ['if_nameindex', 'ENOMEM'],
] as const;

type Body<Kind> = Kind extends unknown ? Omit<Kind, 'afterMs'> : never;

/** How long it takes until the next operation: bursts, and quiet in which every delay passes. */
export function gapMs(random: Random): number {
  if (random.chance(0.5)) {
    return random.pick([0, 0, 1, 3, 10, 30, 100, 300, 900, 1100]);
  }
  return random.chance(0.6) ? 1000 + random.below(10_000) : 40_000 + random.below(120_000);
}

function cable(random: Random): Body<Operation> {
  return { do: 'cable', name: random.pick(SOURCES), to: random.pick(['up', 'down']) };
}

const MAKE: Readonly<Record<Fault, (random: Random) => Body<Operation>>> = {
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
    return random.pick<Body<Operation>>([
      { do: 'pause', group, forMs },
      { do: 'down', group, forMs },
      { do: 'resume', group },
      { do: 'resume', group },
      { do: 'up', group },
      { do: 'up', group },
      { do: 'reload', config: random.below(CONFIGS.length) },
    ]);
  },
  process: (random) => {
    const what = random.pick(['stop', 'kill', 'crash', 'start', 'start', 'start', 'start'] as const);
    return what === 'crash' ? { do: what, calls: random.below(random.pick([5, 50, 500])) } : { do: what };
  },
  calls(random) {
    if (random.chance(0.3)) {
      return { do: 'heal' };
    }
    if (random.chance(0.3)) {
      const [call, ms] = [random.pick(['ioctl', 'recvfrom', 'sendto']), random.pick([1, 6, 60])];
      return { do: 'slow', call, ms, forMs: random.pick([100, 2000]) };
    }
    const [call, errno] = random.pick(CALL_ERRNOS);
    // Of a receive that fails otherwise, the next one reports something else.
    const most = call === 'recvfrom' && errno !== 'EAGAIN' ? 30 : 10_000;
    const times = random.pick([1, 1, 2, 5, 30, most]);
    return { do: 'fail', call, errno, times, skip: random.pick([0, 0, 1, 3]) };
  },
  disk: (random) =>
    random.chance(0.3)
      ? { do: 'cut-power', part: random.pick([0, 0.5, 0.9, 1]) }
      : {
          do: 'fail-disk',
          errno: random.pick(['ENOSPC', 'EIO', 'EROFS']),
          times: random.pick([1, 2, 5, 30, 1000]),
        },
};

/** One operation, half of the time on a cable. */
export function oneOperation(random: Random, faults: readonly Fault[]): Operation {
  const body = random.chance(0.5) || faults.length === 0 ? cable(random) : MAKE[random.pick(faults)](random);
  return { afterMs: gapMs(random), ...body };
}

/** Operations without an end, which a seed determines. */
export function* operations(random: Random, faults: readonly Fault[] = FAULTS): Generator<Operation> {
  for (;;) {
    yield oneOperation(random, faults);
  }
}
