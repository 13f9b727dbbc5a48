import { type ChildProcess, spawn } from 'node:child_process';
import { cable, enterNewNamespace, ip, ipBatch, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { health, type LinkEvent, type LinkWatch, watchLinks } from '../../src/index.ts';
import { settledCable } from '../support/settled-cable.ts';

let watch: LinkWatch;
let events: LinkEvent[];

beforeEach(() => {
  enterNewNamespace();
  events = [];
});

afterEach(() => {
  watch.close();
});

function start(): void {
  watch = watchLinks({ backend: 'rtnetlink' });
  watch.subscribe((event) => void events.push(event));
}

const reason = (name: string) => health(watch.lookUp(name)).reason;
const becomes = (name: string, wanted: string) => until(`${name} ${wanted}`, () => reason(name) === wanted);

/** The reported events of a link by name, without snapshots. */
function reported(name: string): string[] {
  return events.flatMap((event) =>
    event.type !== 'snapshot' && event.link.name === name ? [event.type] : [],
  );
}

test('the first event is a snapshot of all links', async () => {
  const { name, far } = await settledCable('eth0');
  start();
  expect(events).toEqual([{ type: 'snapshot', cause: 'start', links: [...watch.links.values()] }]);
  expect([...watch.links.keys()].sort()).toEqual([name, far, 'lo']);
  expect(watch.links.get(name)).toMatchObject({
    adminUp: true,
    operstate: 'up',
    carrier: true,
    running: true,
    carrierUpCount: 1,
    kind: 'veth',
    linkIndex: watch.links.get(far)?.index,
    masterIndex: null,
    type: 1,
  });
  expect(watch.links.get('lo')).toMatchObject({ index: 1, operstate: 'unknown', kind: null, type: 772 });
  expect([reason(name), reason('lo'), reason('eth9')]).toEqual(['up', 'up', 'missing']);
  expect(watch.counters).toMatchObject({ snapshots: 1, bad: 0, interrupted: 0, refused: 0, foreign: 0 });
});

test('a cable that is cut and repaired is two changes', async () => {
  const eth0 = await settledCable('eth0');
  start();
  eth0.cut();
  await becomes('eth0', 'lower layer down');
  expect(watch.links.get('eth0')).toMatchObject({ adminUp: true, carrier: false, carrierDownCount: 2 });
  eth0.repair();
  await becomes('eth0', 'up');
  expect(watch.links.get('eth0')).toMatchObject({ carrier: true, carrierUpCount: 2 });
});

test('a link set down and up is two changes', async () => {
  cable('eth0');
  start();
  ip('link', 'set', 'eth0', 'down');
  await becomes('eth0', 'admin down');
  ip('link', 'set', 'eth0', 'up');
  await becomes('eth0', 'up');
});

test('a link that is deleted and created again departs and arrives', async () => {
  cable('eth0');
  start();
  const before = watch.links.get('eth0')?.index;
  ip('link', 'del', 'eth0');
  await becomes('eth0', 'missing');
  cable('eth0');
  await becomes('eth0', 'up');
  expect(watch.links.get('eth0')?.index).not.toBe(before);
  expect(reported('eth0').filter((type) => type !== 'changed')).toEqual(['departed', 'arrived']);
});

test('a reused index is another link', async () => {
  ip('link', 'add', 'one', 'index', '77', 'type', 'bridge');
  start();
  ip('link', 'del', 'one');
  ip('link', 'add', 'two', 'index', '77', 'type', 'bridge');
  await until('the second', () => watch.links.get('two')?.index === 77);
  expect(watch.links.has('one')).toBe(false);
});

test('a link renamed away and back is two renames', async () => {
  cable('eth0');
  start();
  ip('link', 'set', 'eth0', 'down');
  ip('link', 'set', 'eth0', 'name', 'old0');
  await becomes('eth0', 'missing');
  expect(watch.links.get('old0')?.kind).toBe('veth');
  ip('link', 'set', 'old0', 'name', 'eth0');
  ip('link', 'set', 'eth0', 'up');
  await becomes('eth0', 'up');
  expect(events.filter(({ type }) => type === 'renamed')).toMatchObject([
    { from: 'eth0', link: { name: 'old0' } },
    { from: 'old0', link: { name: 'eth0' } },
  ]);
});

test('names that move from link to link are reported as renames', async () => {
  ipBatch(['link add first type bridge', 'link add second type bridge']);
  start();
  const [first, second] = [watch.links.get('first')?.index, watch.links.get('second')?.index];
  ipBatch(['link set first name third', 'link set second name first']);
  await until(
    'both',
    () => watch.links.get('first')?.index === second && watch.links.get('third')?.index === first,
  );
  expect([...watch.links.keys()].sort()).toEqual(['first', 'lo', 'third']);
  expect(watch.counters.snapshots).toBe(1);
});

describe('alternative names of a link', () => {
  test('alternative names that come and go on an interface that is up are changes', async () => {
    await settledCable('eth0');
    start();
    ip('link', 'property', 'add', 'dev', 'eth0', 'altname', 'wan', 'altname', 'uplink');
    await until('the names', () => watch.lookUp('wan') !== undefined);
    expect(watch.lookUp('uplink')).toBe(watch.links.get('eth0'));
    expect(reason('wan')).toBe('up');
    ip('link', 'property', 'del', 'dev', 'eth0', 'altname', 'wan');
    await until('no name', () => watch.lookUp('wan') === undefined);
    expect(watch.links.get('eth0')?.altNames).toEqual(['uplink']);
  });

  test('alternative names of an interface that is down appear when it comes up, or after resync', async () => {
    ip('link', 'add', 'br0', 'type', 'bridge');
    ip('link', 'add', 'br1', 'type', 'bridge');
    start();
    ip('link', 'property', 'add', 'dev', 'br0', 'altname', 'quiet');
    ip('link', 'set', 'br1', 'up');
    await becomes('br1', 'up');
    expect(watch.lookUp('quiet')).toBeUndefined();
    watch.resync();
    expect(watch.lookUp('quiet')?.name).toBe('br0');
  });
});

test('names that are not ASCII are decoded', async () => {
  start();
  ip('link', 'add', 'größe0', 'type', 'bridge');
  await until('it', () => watch.links.has('größe0'));
});

test('a port that joins and leaves a bridge does not depart', async () => {
  cable('eth0');
  ip('link', 'add', 'br0', 'type', 'bridge');
  start();
  const master = () => watch.links.get('eth0')?.masterIndex;
  ip('link', 'set', 'eth0', 'master', 'br0');
  await until('the port', () => master() === watch.links.get('br0')?.index);
  ip('link', 'set', 'eth0', 'nomaster');
  await until('no port', () => master() === null);
  ip('link', 'del', 'br0');
  await until('no bridge', () => !watch.links.has('br0'));
  expect(reported('eth0')).not.toContain('departed');
  expect(reported('eth0')).not.toContain('arrived');
});

test('protodown and the state of a stacked interface are reported', async () => {
  const eth0 = cable('eth0');
  ip('link', 'add', 'link', 'eth0', 'name', 'mv0', 'type', 'macvlan');
  ip('link', 'set', 'mv0', 'up');
  start();
  expect(watch.links.get('mv0')).toMatchObject({
    kind: 'macvlan',
    linkIndex: watch.links.get('eth0')?.index,
    protoDown: false,
  });
  ip('link', 'set', 'mv0', 'protodown', 'on');
  await until('protodown', () => watch.links.get('mv0')?.protoDown === true);
  ip('link', 'set', 'mv0', 'protodown_reason', '31', 'on');
  await until('a reason', () => watch.links.get('mv0')?.protoDownReasons === 2 ** 31);
  ip('link', 'set', 'mv0', 'protodown_reason', '31', 'off');
  await until('no reason', () => watch.links.get('mv0')?.protoDownReasons === 0);
  ip('link', 'set', 'mv0', 'protodown', 'off');
  await becomes('mv0', 'up');
  eth0.cut();
  await becomes('mv0', 'lower layer down');
});

describe('links in another network namespace', () => {
  let other: ChildProcess;

  beforeEach(async () => {
    other = spawn('unshare', ['-n', 'sh', '-c', 'echo there; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => other.stdout?.once('data', resolve));
  });

  afterEach(() => {
    other.kill('SIGKILL');
  });

  test('an interface that is moved to another namespace departs', async () => {
    cable('eth0');
    start();
    ip('link', 'set', 'eth0', 'netns', String(other.pid));
    await becomes('eth0', 'missing');
    // The far end's peer is now a number of the other namespace.
    await until('no peer here', () => watch.links.get('eth0-x')?.linkIndex === null);
  });
});
