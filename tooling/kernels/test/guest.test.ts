import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Kernel } from '../src/fetch/kernel.ts';
import { bootGuest } from '../src/machine/guest.ts';
import { startMachine } from '../src/machine/qemu.ts';

const kernel: Kernel = {
  id: '6.1',
  architecture: 'amd64',
  release: '6.1.0-test',
  version: '6.1.1-1',
  image: '/boot/vmlinuz',
  modules: '/lib/modules',
};

let folder: string;
const path = process.env['PATH'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qemu-'));
  process.env['PATH'] = `${folder}:${path}`;
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

/** Puts a program in the place of QEMU; `folder` is where the sockets and the console belong. */
function qemu(lines: string): void {
  const program = join(folder, 'qemu-system-x86_64');
  const head = `#!${process.execPath}
const { createServer } = require('node:net');
const { writeFileSync } = require('node:fs');
const folder = require('node:path').dirname(process.argv[process.argv.indexOf('-initrd') + 1]);
`;
  writeFileSync(program, `${head}${lines}`);
  chmodSync(program, 0o755);
}

/** A monitor that agrees to everything, and the port of an agent. */
const listening = `
const agree = (socket) => socket.write('{"id":1,"return":{}}\\n', agreed);
createServer((socket) => socket.on('data', () => agree(socket))).listen(folder + '/qmp');
createServer(() => connected()).listen(folder + '/agent');
`;

test('a QEMU that ends before it listens is reported with its own words', async () => {
  qemu(`console.error('-M pc2: unsupported machine type'); process.exit(1);`);
  await expect(bootGuest(kernel, Buffer.alloc(0), ['tcg'])).rejects.toThrow(
    /qemu-system-x86_64 has ended \(exit 1\): -M pc2: unsupported machine type/,
  );
});

test('a guest that powers off while the agent is waited for is reported with its console', async () => {
  qemu(`${listening}
writeFileSync(folder + '/console', 'the agent has ended: 1');
function agreed() {}
function connected() { process.exit(0); }
`);
  await expect(bootGuest(kernel, Buffer.alloc(0), ['tcg'])).rejects.toThrow(
    /has ended \(exit 0\).*The console of the guest ends:\nthe agent has ended: 1/s,
  );
});

test('a command to a QEMU that has ended is refused', async () => {
  qemu(`${listening}
function agreed() { process.exit(0); }
function connected() {}
`);
  await using machine = await startMachine(kernel, Buffer.alloc(0), 'tcg');
  await expect.poll(() => machine.fault(), { timeout: 60_000 }).toMatch(/has ended \(exit 0\)/);
  await expect(machine.qmp.run('quit', {})).rejects.toThrow('QEMU refuses quit {}: it has ended');
});
