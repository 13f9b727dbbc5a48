import { ask } from '@ifdepd/faults';
import { ipBatch, slowSets, until } from '@ifdepd/netlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { processorMs } from '../support/processor-ms.ts';
import {
  daemon,
  LONGEST_TURN_MS,
  longestTurnOf,
  type Running,
  run,
  runToEnd,
  socket,
} from '../support/program.ts';
import { type ServiceManager, serviceManager } from '../support/service-manager.ts';

const NUMBERS = Array.from({ length: 1000 }, (_, number) => number);
const destinations = NUMBERS.map((i) => `d${i}`);

const others = NUMBERS.map((i) => `x${i}`);

/** Groups with two active sources, em0 and one of their own, and a destination. */
const groupsOf = (names: readonly string[]) =>
  `groups:\n${names.map((name, i) => `  g${i}: {require: {all: [em0, s${i}]}, destinations: [${name}]}\n`).join('')}`;
const groups = groupsOf(destinations);

/**
 * 1,000 active sources, 1,000 destinations that are up, and 1,000 others that are down: made once. It takes seconds, and longer
 * while the kernel still removes the interfaces of the file before.
 */
let lab: Host<'em0'>;
beforeAll(() => {
  lab = host('em0');
  ipBatch([
    ...NUMBERS.slice(500).map((i) => `link add s${i - 500} type veth peer name s${i}`),
    ...NUMBERS.map((i) => `link set s${i} up`),
    ...[...destinations, ...others].map((name) => `link add ${name} type bridge`),
    ...destinations.map((name) => `link set ${name} up`),
  ]);
});
afterAll(() => lab[Symbol.dispose]());

/** Milliseconds within which the service manager wants each sign of life. */
const WATCHDOG_MS = 500;

/** Looks at the signs of life of a daemon. @returns each time of the processor that was too long for one */
function signsOfLife(
  manager: ServiceManager,
  pid: number,
): Disposable & { readonly late: readonly string[] } {
  const late: string[] = [];
  let last = processorMs(pid);
  const timer = setInterval(() => {
    const signs = manager.read().filter((message) => message === 'WATCHDOG=1').length;
    const now = signs === 0 ? last : processorMs(pid);
    if (now - last > signs * WATCHDOG_MS) {
      late.push(`${signs} in ${now - last} ms`);
    }
    last = now;
  }, 20);
  return { late, [Symbol.dispose]: () => clearInterval(timer) };
}

test('1,000 groups among 3,000 interfaces: the event loop never stands still, and the service manager gets each sign of life', async () => {
  using file = configFile(groups);
  using manager = serviceManager();
  const env = { NOTIFY_SOCKET: manager.path, WATCHDOG_USEC: String(WATCHDOG_MS * 1000) };
  await using running = await daemon(['-s', socket, '-f', file.path], { env });
  using signs = signsOfLife(manager, running.pid);
  const long: string[] = [];
  let longest = 0;
  /** What was done when a turn was longer than all before, and too long. */
  const done = (what: string) => {
    const now = longestTurnOf(running.pid);
    if (now > Math.max(longest, LONGEST_TURN_MS)) {
      long.push(`${what}: ${now.toFixed(0)} ms`);
    }
    longest = now;
  };

  lab.cables.em0.cut();
  await lab.allAre('down', destinations);
  done('start and loss');
  lab.cables.em0.repair();
  await lab.allAre('up', destinations);
  done('return');
  file.write(`# the same\n${groups}`);
  running.signal('SIGHUP');
  await running.line(/reloaded: 1000 groups/);
  done('reload');
  file.write(groupsOf(others));
  running.signal('SIGHUP');
  await lab.allAre('up', others);
  await running.line(/reloaded: 1000 groups.*added destination x0/);
  done('reload with other destinations');
  file.write(`${'x: 1\n'.repeat(20_000)}${groups}`);
  running.signal('SIGHUP');
  await running.line(/not reloaded/);
  done('bad file');
  for (const words of [['status'], ['explain'], ['explain', 'g7'], ['events']]) {
    const { code, stderr } = await runToEnd([...words, '--socket', socket]);
    expect({ words, code, stderr }).toMatchObject({ code: 0 });
    done(words.join(' '));
  }
  expect(JSON.parse(await ask(socket, '/v1/interfaces')).length).toBeGreaterThanOrEqual(3000);
  done('/v1/interfaces');
  running.signal('SIGUSR1');
  await running.line(/x999 is up/);
  done('SIGUSR1');
  await manager.message(/^WATCHDOG=1$/);
  running.signal('SIGHUP');
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  done('stop in a reload');
  expect({ long, late: signs.late }).toEqual({ long: [], late: [] });
}, 180_000);

test('1,000 groups among 3,000 interfaces: the start, from its first turn of the event loop on, has no turn of 100 ms', async () => {
  using file = configFile(groups);
  const env = { IFDEPD_TEST_TURNS_SINCE: 'start' };
  await using running = await daemon(['-s', socket, '-f', file.path], { env });
  // The first decision is one turn: 40 to 49 ms on a machine that does nothing else.
  const longest = longestTurnOf(running.pid);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(2 * LONGEST_TURN_MS);
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

test('1,000 groups among 3,000 interfaces: SIGTERM during the start ends the daemon, and every interface is as before', async () => {
  using file = configFile(groups);
  await using starting = run(['-v', '-s', socket, '-f', file.path]);
  await starting.line(/ started \(pid/);
  starting.signal('SIGTERM');
  expect(await starting.ended).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('stopped by SIGTERM'),
  });
  expect(destinations.every(lab.isUp)).toBe(true);
});

/** Milliseconds that each call takes that sets an interface: a thousand take longer than any test waits. */
const SLOW_MS = 100;

test('1,000 slow destinations: while a start and a reload set them, the control socket answers, the service manager gets signs of life, and SIGTERM ends the daemon', async () => {
  ipBatch(others.map((name) => `link set ${name} down`));
  using file = configFile(groupsOf(others));
  const slow = slowSets(file.folder);
  slow.take({ leastMs: SLOW_MS, mostMs: SLOW_MS });
  using manager = serviceManager();
  const options = {
    env: { ...slow.env, NOTIFY_SOCKET: manager.path, WATCHDOG_USEC: String(WATCHDOG_MS * 1000) },
    nodeOptions: slow.options,
  };
  const words = ['-v', '-s', socket, '-f', file.path];
  /** Waits until it sets interfaces, and asks for signs of life and for its end before it has set all of them. */
  const stopInTheMiddle = async (running: Running) => {
    const before = slow.calls().length;
    await until('some to be set', () => slow.calls().length > before + 2);
    manager.forget();
    expect(JSON.parse(await ask(socket, '/v1/status'))).toMatchObject({ groups: { length: 1000 } });
    await manager.message(/^WATCHDOG=1$/);
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('stopped by SIGTERM'),
    });
    expect(others.every(lab.isUp)).toBe(false);
  };

  slow.take({ leastMs: SLOW_MS, mostMs: SLOW_MS });
  await using starting = run(words, options);
  await stopInTheMiddle(starting);

  slow.take(null);
  file.write(groups);
  await using reloading = run(words, options);
  await reloading.line(/: ready: /);
  slow.take({ leastMs: SLOW_MS, mostMs: SLOW_MS });
  file.write(groupsOf(others));
  reloading.signal('SIGHUP');
  await stopInTheMiddle(reloading);
}, 180_000);
