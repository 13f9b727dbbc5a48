import { join } from 'node:path';
import { slowSets } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { home, runToEnd } from '../support/program.ts';

const line = (text: string): readonly string[] => text.split(' ');

describe('bad input: the error, the exit code, and nothing touched', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    ['nothing at all', [], 64, /^usage: ifdepd \[-v\|-q\] \[-d\] -S src/],
    [
      '-v with -q',
      line('-v -q -S em0 -D carp0'),
      64,
      /^ifdepd: -v cannot be combined with -q; choose one\n$/,
    ],
    ['an empty list', ['-S', '', '-D', 'carp0'], 64, /^ifdepd: -S '': the list is empty.*\n$/],
    ['an empty name', line('-S a::b -D carp0'), 64, /^ifdepd: -S 'a::b': there is an empty name.*\n$/],
    [
      'an alias label',
      line('-S em0:1 -D carp0'),
      64,
      /^ifdepd: -S 'em0:1': .* address alias of em0, not an interface.*\n$/,
    ],
    [
      'a name of 128 bytes',
      line(`-S ${'x'.repeat(128)} -D carp0`),
      64,
      /^ifdepd: -S 'x{128}': .*128 bytes.*\n$/,
    ],
    [
      'a name of 16 bytes that no interface has as an alternative name',
      line('-S abcdefghijklmnop -D carp0'),
      1,
      /^ifdepd: no such interface: abcdefghijklmnop \(source\).*\n$/,
    ],
    ['an unknown option', line('-S em0 -D carp0 -x'), 64, /^ifdepd: unknown option '-x'\n$/],
    [
      'one interface in both lists',
      line('-S em0:carp0 -D carp0'),
      64,
      /^ifdepd: carp0: both source and destination.*\n$/,
    ],
    [
      'missing interfaces',
      line('-S em0:no0:no1 -D carp0:no2'),
      1,
      /^ifdepd: no such interface: no0 \(source\), no1 \(source\), no2 \(destination\)\. With --wait.*\n$/,
    ],
    [
      'a name that is nearly one',
      line('-S emO -D crap0'),
      1,
      /\(destination\)\. Did you mean em0, carp0\? With --wait.*\n$/,
    ],
    [
      'a name as ip(8) writes it with its parent',
      line('-S em0@if7 -D carp0@em0'),
      1,
      /\(destination\)\. Did you mean em0, carp0\? With --wait.*\n$/,
    ],
    [
      'missing interfaces with -d',
      line('-d -S no0 -D carp0'),
      1,
      /^ifdepd: no such interface: no0 \(source\).*\n$/,
    ],
    ['missing interfaces with -q', line('-q -S no0 -D carp0'), 1, /^$/],
    ['a usage error with -q', line('-q -S em0'), 64, /^ifdepd: no destination interface/],
  ])('%s', async (_title, words, code, message) => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(words);
    expect(ended.stderr).toMatch(message);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(lab.isUp('carp0')).toBe(true);
  });

  test.each([
    ['in the foreground', []],
    ['in the background', ['-d']],
    ['with --once', ['--once']],
    ['with -n', ['-n']],
  ])('no privilege, %s: exit 77 and what to do', async (_title, words) => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd([...words, '-S', 'em0', '-D', 'carp0'], {
      under: ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--'],
    });
    expect(ended.stderr).toMatch(
      /^ifdepd: not permitted to set carp0: run as root, or with CAP_NET_ADMIN .*\n$/,
    );
    expect(ended.code).toBe(77);
    expect(lab.isUp('carp0')).toBe(true);
  });
});

describe('what does not start a daemon', () => {
  test('--help prints the help', async () => {
    const ended = await runToEnd(['--help']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('ifdepd -d -S em0:bge0 -D carp0:carp1');
  });

  test('--version prints the version of the package', async () => {
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    expect(await runToEnd(['-V'])).toMatchObject({ code: 0, stdout: `ifdepd ${version}\n`, stderr: '' });
  });

  test('-n says that all is fine, and touches nothing', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(line('-n -S em0 -D carp0'));
    expect(ended).toMatchObject({ code: 0, stdout: 'em0 -> carp0: fine\n', stderr: '' });
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('--once decides, applies and ends', async () => {
    using lab = host('em0', 'carp0', 'carp1');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(line('--once -S em0 -D carp0:carp1'));
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/carp0 carp1: set down \(cli: em0 failed\)\n$/);
    expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([false, false]);
  });

  test('--once, with destinations that take 20 ms each, sets and reports all of them before it ends', async () => {
    using lab = host('em0', 'carp0', 'carp1', 'carp2');
    const slow = slowSets(join(home, 'slow-sets'));
    slow.take({ leastMs: 20, mostMs: 20 });
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(line('--once -S em0 -D carp0:carp1:carp2'), {
      nodeOptions: slow.options,
      env: slow.env,
    });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/carp0 carp1 carp2: set down \(cli: em0 failed\)\n$/);
    expect(['carp0', 'carp1', 'carp2'].filter((name) => lab.isUp(name))).toEqual([]);
  });

  test('--dry-run says what would be set, needs no privilege and sets nothing', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(line('--dry-run -S em0 -D carp0'), {
      under: ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--'],
    });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/carp0: would be set down \(cli: em0 failed\)\n$/);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('-q tells nothing while it acts', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    expect(await runToEnd(line('-q --once -S em0 -D carp0'))).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(lab.isUp('carp0')).toBe(false);
  });
});

test('a full disk behind standard output: the error names it, exit 71', async () => {
  const ended = await runToEnd(['--help'], { under: ['sh', '-c', 'exec "$@" >/dev/full', 'sh'] });
  expect(ended).toMatchObject({
    code: 71,
    stderr: 'ifdepd: cannot write to standard output: ENOSPC: no space left on device, write\n',
  });
});
