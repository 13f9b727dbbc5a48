import type { Random } from '@ifdepd/faults';
import { DESTINATIONS, GROUPS, SOURCES } from './host.ts';
import type { Fault, Operation } from './operation.ts';
import {
  type Body,
  cable,
  cableTo,
  change,
  failing,
  gapMs,
  laterCable,
  laterCommand,
  quietMs,
  reload,
  SHORT_MS,
  slow,
} from './single-operations.ts';

/** Gives operations the times before them: short ones, or those that they have. */
function short(random: Random, ...all: readonly (Body | Operation)[]): readonly Operation[] {
  return all.map((one) => ({ afterMs: random.pick(SHORT_MS), ...one }));
}

/** The same after a gap. */
function timed(random: Random, ...all: readonly (Body | Operation)[]): readonly Operation[] {
  const afterMs = gapMs(random);
  return short(random, ...all).map((one, at) => (at === 0 ? { ...one, afterMs } : one));
}

function some<One>(random: Random, probability: number, make: () => readonly One[]): readonly One[] {
  return random.chance(probability) ? make() : [];
}

/** A source is lost and returns, maybe while the daemon does something else. */
function blink(random: Random, withinMs: number): readonly Operation[] {
  const name = random.pick(SOURCES);
  const inMs = 1 + random.below(withinMs);
  const forMs = random.pick([1, 3, 10, 30, 100, 1000]);
  return [
    { afterMs: 0, do: 'cable', name, to: 'down', inMs },
    { afterMs: 0, do: 'cable', name, to: 'up', inMs: inMs + forMs },
  ];
}

/** Several losses, the later ones while the kernel delays its messages; some are over at once. */
function losses(random: Random): readonly Operation[] {
  const first = { afterMs: gapMs(random), ...cableTo(random, 'down') };
  const rest = Array.from({ length: 1 + random.below(3) }, () => {
    const afterMs = random.chance(0.3) ? 600 + random.below(400) : random.pick([0, 1, 30, 300, 1200, 1800]);
    const [one, ...others] = random.chance(0.4)
      ? blink(random, random.pick([5, 40, 300]))
      : random.chance(0.3)
        ? short(random, laterCable(random, [1, 5, 12, 30, 300, 1000]))
        : short(random, cableTo(random, 'down'));
    return one === undefined ? [] : [{ ...one, afterMs }, ...others];
  });
  return [first, ...rest.flat()];
}

/** The kernel has no memory: it refuses calls of several kinds at a time. */
function noMemory(random: Random): readonly Body[] {
  const forMs = random.pick([50, 1000, 5000]);
  const times = random.pick([1, 2, 5, 30]);
  const refused = [
    ['recvfrom', 'ENOBUFS'],
    ['sendto', 'ENOBUFS'],
    ['setsockopt', 'ENOMEM'],
    ['ioctl', 'ENOMEM'],
  ] as const;
  return refused.flatMap(([call, errno]) =>
    some(random, 0.6, () => [{ do: 'fail', call, errno, times, forMs }]),
  );
}

/** The receive buffer is full: the kernel drops the next messages. */
function fullQueue(random: Random): Body {
  return { do: 'fail', call: 'recvfrom', errno: 'ENOBUFS', times: random.pick([1, 2, 5]), forMs: 300 };
}

/** What other programs do to a destination, or to the card below the VLAN. */
function goesAndReturns(random: Random): readonly Body[] {
  const name = random.pick(DESTINATIONS);
  switch (random.below(5)) {
    case 0:
    case 1:
      return [{ do: 'remake', name }];
    case 2:
      return [
        { do: 'admin', name: 'lan0', to: 'down' },
        { do: 'admin', name: 'lan0', to: 'up' },
      ];
    default:
      return [
        { do: 'rename', name },
        { do: 'rename', name },
      ];
  }
}

function endOfProcess(random: Random): Body {
  return random.pick<Body>([{ do: 'kill' }, { do: 'stop' }]);
}

/** The cables that were pulled are plugged in again. */
function repairs(random: Random): readonly Operation[] {
  return [
    ...SOURCES.map((name) => ({ afterMs: random.pick(SHORT_MS), do: 'cable', name, to: 'up' }) as const),
    { afterMs: quietMs(random), ...cable(random) },
  ];
}

/** Calls that take time, during which something changes, or an operator commands something. */
function whileCallsAreSlow(random: Random): readonly Operation[] {
  return timed(
    random,
    slow(random),
    ...some(random, 0.5, () => [laterCommand(random)]),
    laterCable(random),
    laterCable(random),
    ...some(random, 0.5, () => blink(random, 200)),
    {
      do: 'chatter',
      name: random.pick([...SOURCES, ...DESTINATIONS]),
      messages: random.pick([3, 30, 120]),
      inMs: random.pick([1, 5, 20, 40, 80]),
      everyMs: random.pick([0, 2, 6, 20]),
    },
    cableTo(random, 'down'),
    cableTo(random, 'down'),
  );
}

/** Something changes while calls fail. After a quiet time they succeed, and sources are lost. */
function whileCallsFail(random: Random): readonly Operation[] {
  const failures = random.chance(0.5) ? noMemory(random) : [failing(random)];
  return [
    ...timed(random, ...failures, change(random), ...some(random, 0.5, () => [change(random)])),
    { afterMs: quietMs(random), do: 'heal' },
    ...losses(random),
  ];
}

/** A list in parts, during which something changes. */
function whileListIsRead(random: Random): readonly Operation[] {
  return [
    ...timed(
      random,
      { do: 'scarce-memory', forMs: 10_000 },
      { afterMs: 0, do: 'slow', call: 'recvfrom', ms: random.pick([1, 6, 60]), forMs: 2000 },
      { afterMs: 0, ...fullQueue(random) },
      ...some(random, 0.5, () => blink(random, random.pick([10, 60, 300]))),
      ...some(random, 0.5, () => [laterCable(random)]),
      { afterMs: 0, ...laterCable(random) },
      { afterMs: 0, ...cable(random) },
    ),
    { afterMs: quietMs(random), ...cable(random) },
  ];
}

/** More messages than can be read in seconds, and a loss behind them. */
function backlog(random: Random): readonly Operation[] {
  return timed(
    random,
    { do: 'slow', call: 'recvfrom', ms: random.pick([3, 6, 12]), forMs: 12_000 },
    cable(random),
    {
      do: 'chatter',
      name: random.pick([...SOURCES, ...DESTINATIONS]),
      messages: random.pick([300, 1000, 2000]),
    },
    ...blink(random, 500).slice(0, 1),
    laterCable(random),
  );
}

/** Several things that concern each other. */
export const SCENES: Readonly<Record<Fault | 'cables', (random: Random) => readonly Operation[]>> = {
  cables: losses,
  others(random) {
    // A destination that is held down goes and returns, maybe unheard.
    const changes = goesAndReturns(random);
    return [
      ...timed(random, cableTo(random, 'down'), cableTo(random, 'down')),
      ...some(random, 0.3, () => short(random, fullQueue(random))),
      ...short(random, ...changes),
      ...some(random, 0.3, () => short(random, ...goesAndReturns(random))),
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
    random.chance(0.5)
      ? timed(
          random,
          { do: random.pick(['pause', 'down']), group: random.pick(GROUPS), forMs: null },
          { afterMs: random.pick([0, 1500, 1500]), ...endOfProcess(random) },
          change(random),
          { do: 'start' },
        )
      : [
          // Rules change while sources are lost, and the kernel refuses something.
          ...timed(random, reload(random), cableTo(random, 'down'), cableTo(random, 'down')),
          ...short(random, failing(random), reload(random)),
          { afterMs: quietMs(random), do: 'heal' },
          { afterMs: quietMs(random), ...cable(random) },
        ],
  process(random) {
    // Killed upon a loss, and started again after what happened meanwhile.
    const calls = random.below(random.pick([6, 20, 60]));
    return [
      ...timed(
        random,
        { do: 'crash', calls },
        cableTo(random, 'down'),
        cableTo(random, 'down'),
        { afterMs: random.pick([0, 1000, 3000]), ...change(random) },
        ...some(random, 0.5, () => [change(random)]),
        { do: 'start' },
      ),
      // Then another program sets a destination down, and the daemon is started once more.
      ...some(random, 0.4, () =>
        short(
          random,
          { do: 'admin', name: random.pick(DESTINATIONS), to: 'down' },
          { afterMs: random.pick([1, 1500, 1500]), ...endOfProcess(random) },
          { do: 'start' },
        ),
      ),
      ...some(random, 0.5, () => repairs(random)),
    ];
  },
  calls: (random) =>
    random.pick([whileCallsAreSlow, slowLosses, whileCallsFail, whileCallsFail, whileListIsRead, backlog])(
      random,
    ),
  disk: (random) =>
    random.chance(0.5)
      ? timed(
          random,
          { do: 'cut-power', part: random.pick([0, 0.5, 0.9, 1]) },
          change(random),
          { do: 'start' },
          cable(random),
          random.pick<Body>([endOfProcess(random), cable(random)]),
          { do: 'start' },
        )
      : timed(
          random,
          // Some record of a change, a start or a reload cannot be written.
          {
            do: 'fail-disk',
            errno: random.pick(['ENOSPC', 'EIO']),
            times: random.pick([1, 1, 2]),
            skip: random.below(20),
          },
          random.pick<Body>([endOfProcess(random), reload(random)]),
          { do: 'start' },
          reload(random),
          reload(random),
          cable(random),
        ),
};

/** Several losses while calls take time. */
function slowLosses(random: Random): readonly Operation[] {
  return [
    { afterMs: gapMs(random), ...slow(random) },
    ...losses(random).map((one, at) => (at === 0 ? { ...one, afterMs: random.pick(SHORT_MS) } : one)),
  ];
}
