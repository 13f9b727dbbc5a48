import { ask } from '@ifdepd/faults';
import { ipBatch } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { processorMs } from '../support/processor-ms.ts';
import { daemon, LONGEST_TURN_MS, longestTurnOf, runToEnd, socket } from '../support/program.ts';
import { type ServiceManager, serviceManager } from '../support/service-manager.ts';

const NUMBERS = Array.from({ length: 1000 }, (_, number) => number);
const destinations = NUMBERS.map((i) => `d${i}`);

/** Each with two sources, of which em0 alone is active, and a destination. */
const groups = NUMBERS.map((i) => `  g${i}: {require: {any: [em0, s${i}]}, destinations: [d${i}]}\n`).join(
  '',
);

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
  using lab = host('em0');
  ipBatch(NUMBERS.flatMap((i) => [`s${i}`, `d${i}`, `x${i}`]).map((name) => `link add ${name} type bridge`));
  ipBatch(destinations.map((name) => `link set ${name} up`));
  using file = configFile(`groups:\n${groups}`);
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
  file.write(`# the same\ngroups:\n${groups}`);
  running.signal('SIGHUP');
  await running.line(/reloaded: 1000 groups/);
  done('reload');
  file.write(`${'x: 1\n'.repeat(20_000)}groups:\n${groups}`);
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
  await running.line(/d999 is up/);
  done('SIGUSR1');
  await manager.message(/^WATCHDOG=1$/);
  running.signal('SIGHUP');
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  done('stop in a reload');
  expect({ long, late: signs.late }).toEqual({ long: [], late: [] });
}, 180_000);
