import { constants } from 'node:fs';
import { expect, test } from 'vitest';
import { Disk } from '../src/disk.ts';
import { Mortal } from '../src/mortal.ts';

const { O_APPEND, O_CREAT, O_RDWR } = constants;

function diskOf() {
  const process = new Mortal();
  const disk = new Disk('/simulated', process);
  const { calls } = disk;
  const open = (path: string) => Number(calls.openSync(path, O_RDWR | O_APPEND | O_CREAT));
  const read = (path: string) => String(calls.readFileSync(path));
  return { disk, calls, process, open, read };
}

test('a simulated disk writes in the next turn what a thread of Node would write, and at once what is written synchronously', () => {
  const { disk, calls, open, read } = diskOf();
  const fd = open('/simulated/a');
  const done: unknown[] = [];
  calls.write(fd, 'later\n', (error: unknown, written: unknown) => done.push(error, written));
  calls.writeSync(fd, 'now\n');
  expect([read('/simulated/a'), disk.isBusy, done]).toEqual(['now\n', true, []]);
  expect(disk.turn()).toBe(true);
  expect([read('/simulated/a'), disk.isBusy, done]).toEqual(['now\nlater\n', false, [null, 6]]);
});

test('a call of a process that has ended fails and changes nothing, also one that was waiting', () => {
  const { disk, calls, process, open, read } = diskOf();
  const fd = open('/simulated/a');
  const errors: unknown[] = [];
  calls.write(fd, 'lost', (error: unknown) => errors.push((error as { code: string }).code));
  process.endAfter(0);
  disk.turn();
  expect(() => calls.renameSync('/simulated/a', '/simulated/b')).toThrow('EIO');
  expect([read('/simulated/a'), errors]).toEqual(['', ['EIO']]);
});

test('a disk that is full for two calls refuses these, and counts them', () => {
  const { disk, calls, open, read } = diskOf();
  const fd = open('/simulated/a');
  disk.fail('ENOSPC', 2);
  expect(() => calls.writeSync(fd, '1')).toThrow('ENOSPC');
  expect(() => calls.mkdirSync('/simulated/folder')).toThrow('ENOSPC');
  calls.writeSync(fd, '3');
  expect([read('/simulated/a'), disk.failed]).toEqual(['3', 2]);
});

test('a destination is unrecorded while its latest record was refused', () => {
  const { disk, calls, open } = diskOf();
  const fd = open('/simulated/a.ledger');
  const record = (id: string) => `{"boot":"b","id":"${id}","was":"up"}\n`;
  disk.fail('ENOSPC', 2);
  expect(() => calls.writeSync(fd, record('vrrp0'))).toThrow('ENOSPC');
  expect(() => calls.writeSync(fd, record('vrrp1'))).toThrow('ENOSPC');
  calls.writeSync(fd, record('vrrp1'));
  expect([disk.takeUnrecorded(), disk.takeUnrecorded()]).toEqual([['vrrp0'], []]);
});

test('a power cut leaves a part of what was written since the last one, also of a file that was renamed', () => {
  const { disk, calls, open, read } = diskOf();
  const fd = open('/simulated/a');
  calls.writeSync(fd, '12345678');
  disk.cutPower(0.5);
  calls.writeSync(fd, 'abcdefgh');
  calls.renameSync('/simulated/a', '/simulated/b');
  disk.cutPower(0.25);
  expect(read('/simulated/b')).toBe('1234ab');
  expect(() => read('/simulated/a')).toThrow('ENOENT');
});

test('a lock of a file is held by one descriptor, until it is closed or its process ends', () => {
  const { disk, calls, open } = diskOf();
  const [one, other] = [open('/simulated/lock'), open('/simulated/lock')];
  expect([disk.lock(one), disk.lock(other), disk.lock(one)]).toEqual([0, -11, 0]);
  calls.closeSync(one);
  expect(disk.lock(other)).toBe(0);
  disk.begin(new Mortal());
  expect(disk.lock(open('/simulated/lock'))).toBe(0);
});
