import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { bsdHost } from '../support/bsd-host.ts';

/** Those that report lost messages. */
const systems = ['freebsd', 'openbsd', 'netbsd', 'dragonfly'] as const;
const EVENTS = 25_000;
const names = Array.from({ length: 40 }, (_, at) => `slow${at}`);
const config = `groups: {gateway: {sources: [em0, bge0], destinations: [${names}]}}`;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The low half of SIOCSIFFLAGS, _IOW('i', 16, struct ifreq): the rest is the size of the structure, and the direction. */
const SET_FLAGS = 0x6910;
const isWrite = (request: number): boolean => request >>> 30 === 0b10 && (request & 0xffff) === SET_FLAGS;

/** A host of one of these systems with forty destinations, of which each takes between 5 and 50 ms to be set. */
async function slowHost(system: (typeof systems)[number]) {
  const written: string[] = [];
  let spent = 0;
  const host = await bsdHost(system, {
    config,
    before(kernel) {
      for (const name of names) {
        kernel.attach(name);
        kernel.setAdmin(name, 'up');
      }
    },
    later: () => spent,
    calls: (libc) => ({
      ioctl(fd, request, argument) {
        if (isWrite(request)) {
          written.push(new TextDecoder().decode(argument.subarray(0, argument.indexOf(0))));
          spent += 5 + ((written.length * 7) % 46);
        }
        return libc.ioctl(fd, request, argument);
      },
    }),
  });
  return { ...host, written, settle: () => settle(written) };
}

/** Gives the event loop its turns until nothing more is set. @returns the most that was set in one turn */
async function settle(written: readonly string[]): Promise<number> {
  let most = 0;
  for (let quiet = 0; quiet < 20; ) {
    const before = written.length;
    await turn();
    most = Math.max(most, written.length - before);
    quiet = written.length === before ? quiet + 1 : 0;
  }
  return most;
}

const blink = (kernel: ScriptedBsd, events: number) => {
  for (let left = events / 2; left > 0; left -= 1) {
    kernel.carrier('em0', 'down');
    kernel.carrier('em0', 'up');
  }
};

test.each(systems.flatMap((system) => [[system, 'down', names] as const, [system, 'up', []] as const]))(
  `%s: a backlog of ${EVENTS} events that ends %s sets only what the last event wants`,
  async (system, last, expected) => {
    const { kernel, written, settle, isUp } = await slowHost(system);
    blink(kernel, EVENTS);
    kernel.carrier('em0', last);
    await settle();
    expect(written).toEqual(expected);
    expect(names.filter(isUp)).toEqual(last === 'up' ? names : []);
  },
);

test.each(systems)(
  '%s: while forty slow destinations are set, the event loop has a turn after each call',
  async (system) => {
    const { kernel, settle, isUp } = await slowHost(system);
    kernel.carrier('em0', 'down');
    // One upon the message, and one in the turn that follows.
    expect(await settle()).toBeLessThanOrEqual(2);
    expect(names.filter(isUp)).toEqual([]);
  },
);

test.each(systems)(
  '%s: a source that returns while destinations are set down: the rest stays up, and the lowered ones are raised',
  async (system) => {
    const { kernel, written, settle, isUp } = await slowHost(system);
    kernel.carrier('em0', 'down');
    while (written.length < 3) {
      await turn();
    }
    const lowered = names.filter((name) => !isUp(name));
    kernel.carrier('em0', 'up');
    await settle();
    expect(names.filter(isUp)).toEqual(names);
    expect(written).toEqual([...lowered, ...lowered]);
  },
);
