import { ip } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

const LONG = 'uplink-fibre-building-north-0';

function give(name: string, to: string): void {
  ip('link', 'property', 'add', 'dev', to, 'altname', name);
}

function take(name: string, from: string): void {
  ip('link', 'property', 'del', 'dev', from, 'altname', name);
}

const two = (more = ''): string => `groups:
  a: {sources: [em0], destinations: [carp0]}
  b: {sources: [em1], destinations: [vip0]${more}}
`;

describe('names that are one interface at the start', () => {
  test.each([
    ['--once', ['--once']],
    ['check', ['check']],
    ['plan', ['plan']],
    ['-n', ['-n']],
  ])('source and destination, on the command line: %s is refused with 64', async (_title, words) => {
    using lab = host('em0', 'carp0');
    give('vip0', 'carp0');
    const command = words[0]?.startsWith('-') ? [] : words;
    const options = words[0]?.startsWith('-') ? words : [];
    const ended = await runToEnd([...command, ...options, '-S', 'em0:vip0', '-D', 'carp0']);
    expect(ended).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(
        "vip0 and carp0: both are the interface carp0, source and destination of group 'cli'; once set down it would never be active again",
      ),
    });
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('source and destination through another group, in a file: refused with 65', async () => {
    using _lab = host('em0', 'carp0', 'carp1');
    give('vip0', 'carp0');
    using file = configFile(`groups:
  a: {sources: [carp1], destinations: [carp0]}
  b: {sources: [em0, vip0], destinations: [carp1]}
`);
    const ended = await runToEnd(['check', '-f', file.path]);
    expect(ended).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('both are the interface carp0'),
    });
  });

  test('two destinations that are set in different ways: refused with 65', async () => {
    using _lab = host('em0', 'em1', 'carp0');
    give('vip0', 'carp0');
    using file = configFile(two(', on-exit: up'));
    const ended = await runToEnd(['check', '-f', file.path]);
    expect(ended).toMatchObject({
      code: 65,
      stderr: expect.stringContaining(
        'vip0 and carp0: both are the interface carp0, and are set in different ways',
      ),
    });
  });

  test('two destinations are one: down while any of their groups wants it down, and explained by either name', async () => {
    using lab = host('em0', 'em1', 'carp0');
    give('vip0', 'carp0');
    using file = configFile(two());
    const plan = await runToEnd(['plan', '-f', file.path]);
    expect(plan.stdout).toMatch(/^carp0 +stays up\s*$/m);
    expect(plan.stdout).not.toContain('vip0');
    await using running = await daemon(['-s', socket, '-f', file.path]);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    const explained = await runToEnd(['explain', 'vip0', '-s', socket]);
    expect(explained).toMatchObject({ code: 0, stdout: expect.stringMatching(/^carp0 is down because em0/) });
    lab.cables.em1.cut();
    await running.line(/b: up -> down/);
    lab.cables.em1.repair();
    await running.line(/b: down -> up/);
    expect(lab.isUp('carp0')).toBe(false);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    expect(running.lines.filter((line) => line.includes('another program'))).toEqual([]);
  });

  test('a source and a destination by long alternative names', async () => {
    using lab = host('em0', 'carp0');
    give(LONG, 'em0');
    give(`${LONG}-carp`, 'carp0');
    await using _running = await daemon(['-S', LONG, '-D', `${LONG}-carp`]);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
  });

  test('a second daemon by another name of the interface is refused with 75', async () => {
    using _lab = host('em0', 'em1', 'carp0');
    give('vip0', 'carp0');
    await using _running = await daemon(['--no-socket', '-S', 'em0', '-D', 'vip0']);
    give('vip1', 'carp0');
    const check = await runToEnd(['check', '-S', 'em1', '-D', 'vip1']);
    expect(check.stdout).toMatch(/vip1: the ifdepd with process id \d+ holds it/);
    for (const name of ['carp0', 'vip0']) {
      const ended = await runToEnd(['--no-socket', '-S', 'em1', '-D', name]);
      expect(ended).toMatchObject({ code: 75, stderr: expect.stringMatching(`${name}: held by the ifdepd`) });
    }
  });
});

describe('names that move while the daemon runs', () => {
  test('a source becomes the destination: reported, and the destination is not left down', async () => {
    using lab = host('em0', 'em1', 'carp0');
    give('vip0', 'em1');
    await using running = await daemon(['-S', 'em0:vip0', '-D', 'carp0']);
    take('vip0', 'em1');
    give('vip0', 'carp0');
    await running.line(/carp0: left alone: it is the same interface as vip0, a source of group 'cli'/);
    lab.cables.em0.cut();
    await running.line(/em0: active -> failed/);
    lab.cables.em0.repair();
    await running.line(/em0: failed -> active/);
    expect(lab.isUp('carp0')).toBe(true);
    take('vip0', 'carp0');
    give('vip0', 'em1');
    await running.line(/carp0: no longer left alone/);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
  });

  test('a source becomes the destination while that is held down, without a message: it is raised', async () => {
    using lab = host('em0', 'em1', 'carp0');
    give('vip0', 'em1');
    await using running = await daemon(['-S', 'em0:vip0', '-D', 'carp0']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    take('vip0', 'em1');
    give('vip0', 'carp0');
    await running.line(/carp0: set up before it is left alone/);
    await lab.allAre('up', ['carp0']);
    lab.cables.em0.repair();
    await running.line(/em0: failed -> active/);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('two destinations become one, and two again', async () => {
    using lab = host('em0', 'em1', 'carp0', 'carp1');
    give('vip0', 'carp1');
    using file = configFile(two());
    await using running = await daemon(['-f', file.path]);
    take('vip0', 'carp1');
    give('vip0', 'carp0');
    await running.line(/vip0: the same interface as carp0 from now on: one destination/);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em1.cut();
    await running.line(/b: up -> down/);
    lab.cables.em1.repair();
    await running.line(/b: down -> up/);
    expect(lab.isUp('carp0')).toBe(false);
    take('vip0', 'carp0');
    give('vip0', 'carp1');
    await running.line(/vip0: another interface than carp0 from now on: a destination of its own/);
    lab.cables.em1.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
    lab.cables.em1.repair();
    await lab.allAre('up', ['carp1']);
    expect(lab.isUp('carp0')).toBe(false);
  });

  test('a destination moves to what another daemon holds: left alone until that ends', async () => {
    using lab = host('em0', 'em1', 'carp0', 'carp1');
    give('vip0', 'carp1');
    await using running = await daemon(['--no-socket', '-S', 'em0', '-D', 'vip0']);
    {
      await using _other = await daemon(['--no-socket', '-S', 'em1', '-D', 'carp0']);
      take('vip0', 'carp1');
      give('vip0', 'carp0');
      await running.line(/vip0: left alone: carp0 is held by the ifdepd with process id \d+/);
      lab.cables.em0.cut();
      await running.line(/em0: active -> failed/);
      expect(lab.isUp('carp0')).toBe(true);
    }
    await running.line(/vip0: no longer left alone/);
    await lab.allAre('down', ['carp0']);
  });

  test('the alternative name of a held destination moves, without a message, to another that is down', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    give('vip0', 'carp0');
    await using running = await daemon(['-S', 'em0', '-D', 'vip0']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.netif.setAdmin('carp1', 'down');
    take('vip0', 'carp0');
    give('vip0', 'carp1');
    await running.line(/vip0: means carp1 from now on; carp0 was set down under this name and remains down/);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp1']);
  });
});

describe('a destination that loses its name while it is held down', () => {
  test('two held destinations swap their names: both are raised when the source recovers, and follow it under the new names', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0:carp1']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
    const index = lab.netif.resolve('carp0')?.index;
    ip('link', 'set', 'carp0', 'name', 'other');
    ip('link', 'set', 'carp1', 'name', 'carp0');
    ip('link', 'set', 'other', 'name', 'carp1');
    expect(lab.netif.resolve('carp1')?.index).toBe(index);
    await lab.allAre('down', ['carp0', 'carp1']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0', 'carp1']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
    running.signal('SIGTERM');
    await running.ended;
  });

  test('a destination renamed while it is held down, and back after the recovery: it is raised, as ifdepd had set it down', async () => {
    using lab = host('em0', 'carp0');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    // The kernel may set it down a moment before the daemon knows.
    await running.line(/carp0: set down/);
    ip('link', 'set', 'carp0', 'name', 'old0');
    lab.cables.em0.repair();
    await running.line(/cli: down -> up/);
    expect(lab.isUp('old0')).toBe(false);
    ip('link', 'set', 'old0', 'name', 'carp0');
    await lab.allAre('up', ['carp0']);
  });

  test('a destination renamed while it is held down, which gets its old name as an alternative one, is raised', async () => {
    using lab = host('em0', 'carp0');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    // The kernel may set it down a moment before the daemon knows.
    await running.line(/carp0: set down/);
    ip('link', 'set', 'carp0', 'name', 'old0');
    lab.cables.em0.repair();
    await running.line(/cli: down -> up/);
    give('carp0', 'old0');
    await lab.allAre('up', ['old0']);
  });

  test('another interface that appears under its name is not raised', async () => {
    using lab = host('em0', 'carp0', 'new0');
    lab.netif.setAdmin('new0', 'down');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    lab.cables.em0.cut();
    // The kernel may set it down a moment before the daemon knows.
    await running.line(/carp0: set down/);
    ip('link', 'set', 'carp0', 'name', 'old0');
    lab.cables.em0.repair();
    await running.line(/cli: down -> up/);
    ip('link', 'set', 'new0', 'name', 'carp0');
    // The kernel's messages come in order: when this one was read, so was that of the name.
    lab.netif.setAdmin('em0', 'down');
    await running.line(/em0: active -> failed \(admin down\)/);
    expect(lab.isUp('carp0')).toBe(false);
    expect(running.lines.filter((line) => line.includes('carp0: set up'))).toEqual([]);
  });
});
