import { until } from '@ifdepd/netlab';
import { scriptedNetlink } from '@ifdepd/netlink/testing';
import { expect, test } from 'vitest';
import { readSensors } from '../../../src/programs/sensors/read-once.ts';
import { followUnits } from '../../../src/programs/sensors/units.ts';
import { scriptedBus } from '../../support/scripted-bus.ts';

const RUNNING = ['loaded', 'active', 'running'] as const;
const DEAD = ['loaded', 'inactive', 'dead'] as const;
const WEB = 'web_2eservice';

/** Follows web.service on a bus; what was answered. */
function followed(path: string, everyMs = 3_600_000) {
  const answers: string[] = [];
  const units = followUnits(
    (unit, { health, reason }) => answers.push(`${unit} ${health}: ${reason}`),
    everyMs,
    path,
  );
  units.replace(['web.service']);
  return {
    answers,
    units,
    last: (text: string) =>
      until(
        () => `${text} in ${answers.join('\n')}`,
        () => answers.at(-1) === text,
      ),
    [Symbol.dispose]: () => units[Symbol.dispose](),
  };
}

test('a unit is read at once, and again with each signal of it', async () => {
  await using bus = await scriptedBus();
  bus.units.set(WEB, RUNNING);
  using following = followed(bus.path);
  await following.last('web.service active: web.service is active (running)');
  expect(bus.matches).toEqual([
    `type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',path='/org/freedesktop/systemd1/unit/${WEB}'`,
  ]);
  bus.units.set(WEB, DEAD);
  bus.changed(WEB);
  await following.last('web.service failed: web.service is inactive (dead)');
  bus.units.set(WEB, RUNNING);
  bus.changed(WEB);
  await following.last('web.service active: web.service is active (running)');
});

test('a unit that is added later is followed over the same connection', async () => {
  await using bus = await scriptedBus();
  bus.units.set(WEB, RUNNING).set('db_2eservice', DEAD);
  using following = followed(bus.path);
  await following.last('web.service active: web.service is active (running)');
  following.units.replace(['web.service', 'db.service']);
  await following.last('db.service failed: db.service is inactive (dead)');
  expect(bus.clients).toBe(1);
});

test('a unit is unknown while the bus is gone, and is read over a new connection', async () => {
  await using bus = await scriptedBus();
  bus.units.set(WEB, RUNNING);
  using following = followed(bus.path, 50);
  await following.last('web.service active: web.service is active (running)');
  bus.drop();
  await until('the loss to be reported', () =>
    following.answers.includes(`web.service unknown: the system bus ${bus.path} has closed the connection`),
  );
  await following.last('web.service active: web.service is active (running)');
  expect(bus.clients).toBe(2);
});

test.each([
  ['a bus that is not there', async () => null, /^the system bus \/nowhere\/bus cannot be used: ENOENT$/],
  [
    'a bus that refuses the user',
    () => scriptedBus('REJECTED EXTERNAL'),
    /^the system bus \S+ refuses this user: REJECTED EXTERNAL$/,
  ],
])('a unit behind %s is unknown with the reason', async (_, open, reason) => {
  await using bus = await open();
  using following = followed(bus?.path ?? '/nowhere/bus');
  await until('an answer', () => following.answers.length > 0);
  expect(following.answers[0]?.replace('web.service unknown: ', '')).toMatch(reason);
});

test('a unit is unknown where the bus hangs up on the user, with the way out', async () => {
  await using bus = await scriptedBus(null);
  using following = followed(bus.path);
  await until('an answer', () => following.answers.length > 0);
  expect(following.answers[0]).toMatch(
    /^web\.service unknown: the system bus \S+ accepts no connection of user \d+, who may be unknown to it: ifdepd check says what to do$/,
  );
});

test('a unit that systemd refuses is unknown with its words', async () => {
  await using bus = await scriptedBus();
  using following = followed(bus.path);
  await following.last('web.service unknown: nobody knows it');
});

test.each([
  ['of the other byte order', Buffer.from('42'.repeat(32), 'hex')],
  ['of a length that no answer has', Buffer.from('6c02000100ffffff0100000000ffffff', 'hex')],
  ['whose field points beyond it', Buffer.from('6c0400010000000001000000080000000101730000ff0000', 'hex')],
])('a message %s ends the connection, and the unit is unknown', async (_, bytes) => {
  await using bus = await scriptedBus();
  bus.units.set(WEB, RUNNING);
  using following = followed(bus.path);
  await following.last('web.service active: web.service is active (running)');
  bus.send(bytes);
  await until('the end to be reported', () =>
    following.answers.some((one) => one.includes('sent something unreadable')),
  );
});

test('check and plan read a unit once', async () => {
  await using bus = await scriptedBus();
  bus.units.set(WEB, DEAD);
  const target = { kind: 'unit', unit: 'web.service', everyMs: 1000 } as const;
  const libc = scriptedNetlink(() => []);
  const found = await readSensors(new Map([['probe:web', target]]), libc, bus.path);
  expect(found.get('probe:web')).toMatchObject({
    health: 'failed',
    reason: 'web.service is inactive (dead)',
    detail: { state: 'inactive', subState: 'dead' },
  });
  const gone = await readSensors(new Map([['probe:web', target]]), libc, '/nowhere/bus');
  expect(gone.get('probe:web')?.warning).toBe(
    'cannot be answered at present: the system bus /nowhere/bus cannot be used: ENOENT',
  );
});
