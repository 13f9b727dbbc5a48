import type { Random } from '@ifdepd/faults';
import { CONFIGS, DESTINATIONS, GROUPS, SOURCES } from './host.ts';
import { FAULTS, type Fault, type Operation } from './operation.ts';

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
type Body<Kind = Operation> = Kind extends unknown ? Omit<Kind, 'afterMs'> : never;

/** Gaps between operations of which one concerns the other. */
const SHORT_MS = [0, 0, 0, 1, 3, 10, 30, 100, 300] as const;

/** How long it takes until the next operation: bursts, and quiet in which every delay passes. */
export function gapMs(random: Random): number {
  if (random.chance(0.5)) {
    return random.pick([0, 0, 1, 3, 10, 30, 100, 300, 900, 1100, 1500, 1900]);
  }
  return random.chance(0.6) ? 1000 + random.below(10_000) : 40_000 + random.below(120_000);
}

function quietMs(random: Random): number {
  return 40_000 + random.below(20_000);
}

function cableTo(random: Random, to: 'up' | 'down'): Body {
  return { do: 'cable', name: random.pick([...SOURCES, ...SOURCES, 'lan0']), to };
}

function cable(random: Random): Body {
  return cableTo(random, random.pick(['up', 'down']));
}

/** A cable is pulled or plugged in later, while the daemon does something else. */
function laterCable(random: Random, withinMs: readonly number[] = [1, 5, 10, 20, 40, 80, 200]): Body {
  const [name, to] = [random.pick(SOURCES), random.pick(['up', 'down'] as const)];
  return { do: 'cable', name, to, inMs: random.pick(withinMs) };
}

/** An operator pauses a group while the daemon does something else. */
function laterCommand(random: Random): Body {
  return { do: 'pause', group: random.pick(GROUPS), forMs: 30_000, inMs: random.pick([20, 80, 200, 400]) };
}

function reload(random: Random): Body {
  return { do: 'reload', config: random.below(CONFIGS.length) };
}

function failing(random: Random): Body {
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

function slow(random: Random): Body {
  const [call, ms] = [random.pick(['ioctl', 'recvfrom', 'sendto']), random.pick([1, 6, 60])];
  return { do: 'slow', call, ms, forMs: random.pick([100, 2000, 10_000]) };
}

/** A change of interfaces by another program, or of cards. */
function change(random: Random): Body {
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

const MAKE: Readonly<Record<Fault, (random: Random) => Body>> = {
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
        },
};

/** Gives operations the times before them: the first one a gap, the others short ones, or those that they have. */
function timed(random: Random, first: Body, ...rest: readonly (Body | Operation)[]): readonly Operation[] {
  return [
    { afterMs: gapMs(random), ...first },
    ...rest.map((one) => ({ afterMs: random.pick(SHORT_MS), ...one })),
  ];
}

/** Several things that concern each other. */
const SCENES: Readonly<Record<Fault | 'cables', (random: Random) => readonly Operation[]>> = {
  cables(random) {
    // Several losses, the later ones while the kernel delays its messages; some are over at once.
    const [first, ...rest] = Array.from({ length: 2 + random.below(3) }, () =>
      random.chance(0.3) ? laterCable(random, [1, 5, 12, 30, 300, 1000]) : cableTo(random, 'down'),
    );
    return timed(
      random,
      first ?? cable(random),
      ...rest.map((one) => ({ afterMs: random.pick([0, 1, 30, 300, 800, 1200, 1500, 1800]), ...one })),
    );
  },
  others(random) {
    // A destination that is held down goes and returns, or the link below it goes and returns.
    const name = random.pick(DESTINATIONS);
    const [one, other]: readonly [Body, Body] = random.chance(0.6)
      ? [
          { do: 'rename', name },
          { do: 'rename', name },
        ]
      : [
          { do: 'admin', name: 'lan0', to: 'down' },
          { do: 'admin', name: 'lan0', to: 'up' },
        ];
    return [
      ...timed(random, cableTo(random, 'down'), cableTo(random, 'down')),
      ...timed(random, one, other, ...(random.chance(0.5) ? [one, other] : [])),
      { afterMs: gapMs(random), ...cableTo(random, 'up') },
      { afterMs: random.pick(SHORT_MS), ...cableTo(random, 'up') },
    ];
  },
  cards: (random) => timed(random, change(random), change(random), change(random)),
  clock: (random) =>
    timed(
      random,
      cable(random),
      laterCable(random, [1, 300, 1000, 3000]),
      laterCable(random, [1, 300, 1000, 3000]),
      {
        do: 'suspend',
        ms: random.pick([50, 900, 3000, 20_000]),
      },
    ),
  operator: (random) =>
    timed(
      random,
      { do: random.pick(['pause', 'down']), group: random.pick(GROUPS), forMs: null },
      { afterMs: random.pick([0, 1500, 1500]), ...random.pick<Body>([{ do: 'kill' }, { do: 'stop' }]) },
      change(random),
      { do: 'start' },
    ),
  process(random) {
    // Killed upon a loss, and started again after what happened meanwhile.
    const calls = random.below(random.pick([6, 20, 60]));
    return timed(
      random,
      { do: 'crash', calls },
      cableTo(random, 'down'),
      cableTo(random, 'down'),
      { afterMs: random.pick([0, 1000, 3000]), ...change(random) },
      change(random),
      { do: 'start' },
    );
  },
  calls(random) {
    switch (random.below(3)) {
      case 0:
        // Calls that take time, during which something changes.
        return timed(
          random,
          slow(random),
          cable(random),
          ...(random.chance(0.3) ? [laterCommand(random)] : []),
          laterCable(random),
          laterCable(random),
          {
            do: 'chatter',
            name: random.pick([...SOURCES, ...DESTINATIONS]),
            messages: random.pick([3, 30, 120]),
          },
          cable(random),
        );
      case 1:
        // Something changes while calls fail.
        return timed(
          random,
          failing(random),
          ...(random.chance(0.4) ? [failing(random)] : []),
          change(random),
          ...(random.chance(0.5) ? [change(random)] : []),
          { afterMs: quietMs(random), do: 'heal' },
          cable(random),
        );
      default:
        // A list in parts, during which something changes.
        return timed(
          random,
          { do: 'scarce-memory', forMs: 10_000 },
          { do: 'slow', call: 'recvfrom', ms: random.pick([1, 6, 60]), forMs: 2000 },
          { do: 'fail', call: 'recvfrom', errno: 'ENOBUFS', times: 1, forMs: 1000 },
          laterCable(random),
          laterCable(random),
          cable(random),
        );
    }
  },
  disk: (random) =>
    timed(
      random,
      { do: 'cut-power', part: random.pick([0, 0.5, 0.9, 1]) },
      change(random),
      { do: 'start' },
      cable(random),
      random.pick<Body>([{ do: 'kill' }, { do: 'stop' }, cable(random)]),
      { do: 'start' },
    ),
};

/** What happens next: one operation, most often on a cable, or several that concern each other. */
export function scene(random: Random, faults: readonly Fault[]): readonly Operation[] {
  const fault = faults.length === 0 || random.chance(0.4) ? null : random.pick(faults);
  if (random.chance(0.3)) {
    const operations = SCENES[fault ?? 'cables'](random);
    return random.chance(0.3) ? [...operations, { afterMs: quietMs(random), ...cable(random) }] : operations;
  }
  return [{ afterMs: gapMs(random), ...(fault === null ? cable(random) : MAKE[fault](random)) }];
}

/** Operations without an end, which a seed determines. */
export function* operations(random: Random, faults: readonly Fault[] = FAULTS): Generator<Operation> {
  if (faults.includes('operator')) {
    yield { afterMs: 0, ...reload(random) };
  }
  for (;;) {
    yield* scene(random, faults);
  }
}
