import { expect, test } from 'vitest';
import { type LinkOperation, scriptedLinux } from '../../src/index.ts';
import { openRun, type Run } from './support/run-program.ts';

const admin = (to: 'up' | 'down'): LinkOperation => ({ op: 'admin', name: 'eth0', to, by: 'ioctl' });
const NET = 'new route 10.0.0.0/24 in 254 type 1 by 2 scope 253 from 10.0.0.1 to 2 via - flags 0';
const BROADCAST = 'new route 10.0.0.255/32 in 255 type 3 by 2 scope 253 from 10.0.0.1 to 2 via - flags 0';
const STATIC = 'new route 192.0.2.0/24 in 254 type 1 by 4 scope 0 from - to 2 via 10.0.0.2 flags 0';

/** eth0, up, with an address and a route of a program. */
function withRoute(): { kernel: ReturnType<typeof scriptedLinux>; run: Run } {
  const kernel = scriptedLinux();
  kernel.attach('eth0');
  const run = openRun(kernel.libc);
  for (const operation of [
    admin('up'),
    { op: 'address', name: 'eth0', net: '10.0.0.1/24', to: 'there' },
    { op: 'route', name: 'eth0', net: '192.0.2.0/24', via: '10.0.0.2', to: 'there' },
  ] as const) {
    expect(run.apply(operation)).toBe(null);
  }
  kernel.pass(5000);
  run.messages();
  return { kernel, run };
}

const routes = (run: Run) => run.list().filter((line) => / route .* in 254 /.test(line));
const routeMessages = (run: Run) => run.messages().filter((line) => line.includes(' route '));

test('a link that is set down takes its IPv4 routes with it, and no message says so', () => {
  const { run } = withRoute();
  expect(routes(run)).toEqual([NET, STATIC]);
  run.apply(admin('down'));
  expect([routes(run), routeMessages(run)]).toEqual([[], []]);
});

test('the route of an address comes back with its link, that of a program does not', () => {
  const { run } = withRoute();
  run.apply(admin('down'));
  run.messages();
  run.apply(admin('up'));
  expect(routeMessages(run)).toEqual([NET, BROADCAST]);
});

test('a carrier that is lost shows in the flags of routes, and no message says so', () => {
  const { kernel, run } = withRoute();
  kernel.cable('eth0', 'down');
  expect(routeMessages(run)).toEqual([]);
  expect(routes(run)).toEqual([NET, STATIC].map((line) => line.replace('flags 0', 'flags 16')));
});

test('an address that is deleted takes its own routes with it, each with a message', () => {
  const { run } = withRoute();
  run.apply({ op: 'address', name: 'eth0', net: '10.0.0.1/24', to: 'gone' });
  expect(run.messages()[0]).toBe('deleted address 10.0.0.1/24 on 2');
  expect(routes(run)).toEqual([STATIC]);
});
