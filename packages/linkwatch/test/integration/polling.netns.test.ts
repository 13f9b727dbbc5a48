import { isDeepStrictEqual } from 'node:util';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { cable, enterNewNamespace, ip, mountSysfs, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, type TestContext, test } from 'vitest';
import { health, type LinkEvent, type LinkRecord, type LinkWatch, watchLinks } from '../../src/index.ts';

const AF_NETLINK = 16;
const EAFNOSUPPORT = 97;

const facts = (links: LinkWatch['links']) =>
  Object.fromEntries([...links].map(([name, link]) => [name, withoutNetlinkFacts(link)]));

let watch: LinkWatch | undefined;
let events: LinkEvent[];

beforeEach((ctx: TestContext) => {
  enterNewNamespace();
  events = [];
  const refusal = mountSysfs();
  ctx.skip(refusal !== null, refusal ?? '');
});

afterEach(() => {
  watch?.close();
  watch = undefined;
});

function poll(): LinkWatch {
  const polling = watchLinks({ backend: 'polling', pollIntervalMs: 5 });
  polling.subscribe((event) => void events.push(event));
  watch = polling;
  return polling;
}

/** The facts that sysfs does not have. */
function withoutNetlinkFacts(link: LinkRecord): Partial<LinkRecord> {
  const { flags: _f, running: _r, altNames: _a, kind: _k, carrier, ...rest } = link;
  return link.adminUp ? { ...rest, carrier } : rest;
}

test('polling reads the same facts as rtnetlink, as far as sysfs has them', async () => {
  const eth0 = cable('eth0');
  cable('eth1').cut();
  ip('link', 'add', 'br0', 'type', 'bridge');
  ip('link', 'set', eth0.far, 'master', 'br0');
  ip('link', 'set', 'eth0', 'alias', 'to the north');
  ip('link', 'add', 'link', 'eth0', 'name', 'mv0', 'type', 'macvlan');
  using reported = watchLinks({ backend: 'rtnetlink' });
  const polling = poll();
  // The kernel makes operational states a moment after it has set links up.
  await until(
    'both ends',
    () => health(reported.lookUp('eth0')).health === 'active' && !reported.lookUp('eth1')?.running,
  );
  await until('agreement', () => isDeepStrictEqual(facts(polling.links), facts(reported.links)));
  expect(reported.links.size).toBe(7);
  for (const [name, link] of reported.links) {
    expect([name, health(polling.lookUp(name))]).toEqual([name, health(link)]);
  }
});

test('polling reports a cable that is cut and repaired', async () => {
  const eth0 = cable('eth0');
  const polling = poll();
  expect(events).toMatchObject([{ type: 'snapshot', cause: 'start' }]);
  eth0.cut();
  await until('cut', () => health(polling.lookUp('eth0')).health === 'failed');
  eth0.repair();
  await until('repaired', () => health(polling.lookUp('eth0')).health === 'active');
  expect(new Set(events.slice(1).map(({ type }) => type))).toEqual(new Set(['changed']));
});

test('polling reports a link that is created, renamed and deleted', async () => {
  const polling = poll();
  ip('link', 'add', 'br0', 'type', 'bridge');
  await until('made', () => polling.links.has('br0'));
  ip('link', 'set', 'br0', 'name', 'br1');
  await until('renamed', () => polling.links.has('br1'));
  ip('link', 'del', 'br1');
  await until('deleted', () => !polling.links.has('br1'));
  expect(events.map(({ type }) => type).filter((type) => type !== 'changed')).toEqual([
    'snapshot',
    'arrived',
    'renamed',
    'departed',
  ]);
});

const real = loadLibc();
const sandboxed: Libc = {
  ...real,
  socket: (domain, ...rest) => (domain === AF_NETLINK ? -EAFNOSUPPORT : real.socket(domain, ...rest)),
};

test('auto refuses to poll a sysfs of another network namespace', () => {
  enterNewNamespace();
  ip('link', 'add', 'br0', 'type', 'bridge');
  expect(() => watchLinks({ libc: sandboxed })).toThrow(
    'rtnetlink socket: address family not supported by protocol (socket: EAFNOSUPPORT)',
  );
});

test('auto chooses polling and gives the reason when netlink sockets are not allowed', async () => {
  const polling = watchLinks({ libc: sandboxed, pollIntervalMs: 5 });
  watch = polling;
  expect([polling.backend, polling.backendReason]).toEqual([
    'polling',
    'no link messages: rtnetlink socket: address family not supported by protocol (socket: EAFNOSUPPORT)',
  ]);
  ip('link', 'add', 'br0', 'type', 'bridge');
  await until('made', () => polling.links.has('br0'));
});
