import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchLinks } from '../../src/index.ts';
import { readSysfsLinks } from '../../src/sysfs/read-links.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'class-net-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const healthy = {
  ifindex: '2\n',
  iflink: '2\n',
  flags: '0x1003\n',
  operstate: 'up\n',
  carrier: '1\n',
  carrier_up_count: '1\n',
  carrier_down_count: '0\n',
  dormant: '0\n',
  proto_down: '0\n',
  type: '1\n',
  ifalias: '\n',
};

function write(name: string | Buffer, files: Readonly<Record<string, string | null>>): void {
  const folder = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name)]);
  mkdirSync(folder);
  for (const [file, text] of Object.entries({ ...healthy, ...files })) {
    if (text !== null) {
      writeFileSync(Buffer.concat([folder, Buffer.from(`/${file}`)]), text);
    }
  }
}

test('readSysfsLinks reads all facts of a link', () => {
  write('eth0', { iflink: '7\n', ifalias: 'to the north\n', proto_down: '1\n' });
  expect(readSysfsLinks(directory)).toEqual([
    {
      index: 2,
      name: 'eth0',
      altNames: [],
      flags: 0x1003,
      adminUp: true,
      operstate: 'up',
      carrier: true,
      running: null,
      dormant: false,
      carrierUpCount: 1,
      carrierDownCount: 0,
      linkIndex: 7,
      masterIndex: null,
      kind: null,
      protoDown: true,
      protoDownReasons: 0,
      type: 1,
      alias: 'to the north',
    },
  ]);
});

test('a fact that the kernel does not give is unknown', () => {
  const files = {
    carrier: null,
    dormant: null,
    carrier_up_count: null,
    operstate: 'new-in-2040\n',
    flags: '0x1002\n',
  };
  write('eth0', files);
  expect(readSysfsLinks(directory)).toMatchObject([
    {
      adminUp: false,
      carrier: null,
      dormant: false,
      carrierUpCount: null,
      operstate: 'unknown',
      linkIndex: null,
    },
  ]);
});

test('files that are no links and a link deleted meanwhile are left out', () => {
  writeFileSync(join(directory, 'bonding_masters'), 'bond0\n');
  write('eth0', { flags: null });
  write('eth1', { ifindex: null });
  write('eth2', { ifindex: '4\n' });
  expect(readSysfsLinks(directory).map(({ name }) => name)).toEqual(['eth2']);
});

test('readSysfsLinks decodes names as bytes', () => {
  write(Buffer.from([0x65, 0xff]), {});
  expect(readSysfsLinks(directory).map(({ name }) => name)).toEqual(['e\udcff']);
});

test('watchLinks throws when there is no directory to poll', () => {
  const gone = join(directory, 'nowhere');
  expect(() => watchLinks({ backend: 'polling', sysClassNet: gone })).toThrow(
    `${gone}: no such file or directory (list of links: ENOENT)`,
  );
});

test('a directory that cannot be read later keeps the last links, and is read again', () => {
  write('eth0', {});
  using watch = watchLinks({ backend: 'polling', sysClassNet: directory, pollIntervalMs: 1 });
  rmSync(directory, { recursive: true });
  watch.resync();
  expect([watch.links.size, watch.counters.refused > 0]).toEqual([1, true]);
  mkdirSync(directory);
  watch.resync();
  expect(watch.links.size).toBe(0);
});
