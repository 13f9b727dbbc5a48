import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ip, otherNamespace } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const findings = async (...words: string[]) => {
  const { stdout, code } = await runToEnd(['check', '--json', ...words]);
  const report = JSON.parse(stdout) as { findings: { code: string; subject: string; message: string }[] };
  return { code, found: report.findings };
};

describe('check sees', () => {
  test('nothing where all is well', async () => {
    using _lab = host('em0', 'carp0');
    expect(await runToEnd(['check', '-S', 'em0', '-D', 'carp0'])).toMatchObject({
      code: 0,
      stdout: 'em0 -> carp0: fine\n',
    });
  });

  test('a destination that a source stands on, through a bridge and a macvlan', async () => {
    using _lab = host('em0', 'em1');
    ip('link', 'add', 'br0', 'type', 'bridge');
    ip('link', 'set', 'em0', 'master', 'br0');
    ip('link', 'add', 'mv0', 'link', 'br0', 'type', 'macvlan');
    const { code, found } = await findings('-S', 'mv0', '-D', 'em0');
    expect(code).toBe(0);
    expect(found).toContainEqual({
      level: 'warning',
      code: 'kernel-loop',
      subject: 'em0',
      message:
        'mv0 stands on br0 is made of em0: when it is set down, mv0 fails, and both stay down for ever',
    });
    expect((await findings('-S', 'mv0', '-D', 'em1')).found).toEqual([]);
  });

  test('a probe of a host on the link of a destination fails with it, and keeps it down', async () => {
    using lab = host('em0', 'carp0');
    using peer = await otherNamespace();
    ip('link', 'set', 'carp0-x', 'netns', `${peer.pid}`);
    peer.run('ip', 'address', 'add', '192.0.2.2/24', 'dev', 'carp0-x');
    peer.run('ip', 'link', 'set', 'carp0-x', 'up');
    ip('address', 'add', '192.0.2.1/24', 'dev', 'carp0');
    using file = configFile(`groups: {lan: {require: {all: [em0, {probe: host}]}, destinations: [carp0]}}
probes: {host: {ping: 192.0.2.2, every: 100ms}}
`);
    const { found } = await findings('-f', file.path);
    expect(found).toEqual([
      {
        level: 'warning',
        code: 'kernel-loop',
        subject: 'carp0',
        message:
          'probe:host is sent through carp0: when it is set down, probe:host fails, and both stay down for ever',
      },
    ]);
    await using running = await daemon(['-v', '-f', file.path]);
    await running.line(/probe host is active/);
    lab.cables.em0.cut();
    await running.line(/probe host failed/);
    lab.cables.em0.repair();
    await running.line(/em0: failed -> active/);
    expect(lab.isUp('carp0')).toBe(false);
  });

  test('the other end of a cable', async () => {
    using _lab = host('em0');
    expect((await findings('-S', 'em0', '-D', 'em0-x')).found).toContainEqual(
      expect.objectContaining({
        code: 'kernel-loop',
        message: expect.stringMatching(/^em0 is the other end of em0-x: /),
      }),
    );
  });

  test('IPv6 addresses that setting it down would take away, and none where they are kept', async () => {
    using _lab = host('em0', 'carp0');
    ip('-6', 'addr', 'add', '2001:db8::1/64', 'dev', 'carp0', 'nodad');
    expect((await findings('-S', 'em0', '-D', 'carp0')).found).toContainEqual(
      expect.objectContaining({
        code: 'ipv6-flushed',
        message: expect.stringContaining('sysctl net.ipv6.conf.carp0.keep_addr_on_down=1'),
      }),
    );
    const quiet = await runToEnd(['-n', '-S', 'em0', '-D', 'carp0']);
    expect(quiet.stdout).toMatch(
      /^warning: carp0: has global IPv6 addresses.*\nem0 -> carp0: fine, with 1 warning\n$/,
    );
  });

  test('IPv6 addresses with a lifetime, which nothing keeps, and not those that are kept', async () => {
    using _lab = host('em0', 'carp0');
    writeFileSync('/proc/sys/net/ipv6/conf/carp0/keep_addr_on_down', '1');
    ip('-6', 'addr', 'add', '2001:db8::1/64', 'dev', 'carp0', 'nodad');
    expect((await findings('-S', 'em0', '-D', 'carp0')).found).toEqual([]);
    ip(
      '-6',
      'addr',
      'add',
      '2001:db8::2/64',
      'dev',
      'carp0',
      'nodad',
      'valid_lft',
      '3600',
      'preferred_lft',
      '60',
    );
    expect((await findings('-S', 'em0', '-D', 'carp0')).found).toEqual([
      expect.objectContaining({ code: 'ipv6-flushed', message: expect.stringContaining('with a lifetime') }),
    ]);
  });

  test('the sysctl of a name with a dot, in words that work', async () => {
    using _lab = host('em0', 'vrrp.51');
    ip('-6', 'addr', 'add', '2001:db8::1/64', 'dev', 'vrrp.51', 'nodad');
    const [finding] = (await findings('-S', 'em0', '-D', 'vrrp.51')).found;
    const key = /sysctl (\S+)=1$/.exec(finding?.message ?? '')?.[1] ?? '';
    writeFileSync(`/proc/sys/${key}`, '1');
    expect((await findings('-S', 'em0', '-D', 'vrrp.51')).found).toEqual([]);
  });

  test('check names both next hops of a default route', async () => {
    using _lab = host('em0', 'up0', 'up1');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'up0');
    ip('addr', 'add', '198.51.100.1/24', 'dev', 'up1');
    const hops = [
      'nexthop',
      'via',
      '192.0.2.2',
      'dev',
      'up0',
      'nexthop',
      'via',
      '198.51.100.2',
      'dev',
      'up1',
    ];
    ip('route', 'add', 'default', ...hops);
    for (const name of ['up0', 'up1']) {
      const { found } = await findings('-S', 'em0', '-D', name);
      expect(found).toEqual([expect.objectContaining({ code: 'default-route', subject: name })]);
    }
  });

  test('the default route, and this session', async () => {
    using _lab = host('em0', 'carp0');
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'carp0');
    ip('route', 'add', 'default', 'via', '192.0.2.2');
    const { stdout } = await runToEnd(['check', '-S', 'em0', '-D', 'carp0'], {
      env: { SSH_CONNECTION: '192.0.2.9 50000 192.0.2.1 22' },
    });
    expect(stdout).toMatch(/^warning: carp0: the default route goes through it/m);
    expect(stdout).toMatch(/^warning: carp0: this session came in through it/m);
  });

  describe.each([
    ['systemd-networkd', 'systemd/netif/links', 'ADMIN_STATE=configured'],
    ['NetworkManager', 'NetworkManager/devices', 'managed=true'],
  ])('%s', (manager, folder, text) => {
    /** Runs `check` where the manager has left its file, with these options of unshare(1). */
    const under = (...options: string[]) => {
      const index = /^(\d+):/.exec(ip('-o', 'link', 'show', 'carp0'))?.[1];
      const script = `mount -t tmpfs tmpfs /run; mkdir -p /run/${folder}; echo ${text} > /run/${folder}/${index}; exec "$@"`;
      return ['unshare', '--mount', ...options, 'sh', '-ec', script, 'sh'];
    };

    test('of this network namespace would raise it again', async () => {
      using _lab = host('em0', 'carp0');
      // As in a container: process 1 is in the network namespace that is looked at.
      const all = under('--pid', '--fork', '--mount-proc');
      expect(await runToEnd(['check', '-S', 'em0', '-D', 'carp0'], { under: all })).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(
          new RegExp(`^warning: carp0: ${manager} manages it and may raise it again: put '.+\n`),
        ),
      });
    });

    test('of another network namespace means another interface by the same number', async () => {
      using _lab = host('em0', 'carp0');
      expect(await runToEnd(['check', '-S', 'em0', '-D', 'carp0'], { under: under() })).toMatchObject({
        code: 0,
        stdout: 'em0 -> carp0: fine\n',
      });
    });
  });

  test('another daemon, and what is missing', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile('groups: {g: {sources: [em0, em9], destinations: [carp0]}}');
    await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
    const { code, found } = await findings('-f', file.path);
    expect(code).toBe(1);
    expect(found).toEqual(
      expect.arrayContaining([
        { level: 'error', code: 'missing', subject: 'em9', message: 'no such interface (source)' },
        expect.objectContaining({
          code: 'held',
          message: expect.stringContaining(`process id ${running.pid} `),
        }),
      ]),
    );
  });

  test('a driver without protodown: nothing starts, and one error says so', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile(
      'groups: {g: {sources: [em0], destinations: [{interface: carp0, action: protodown}]}}',
    );
    expect(await findings('-f', file.path)).toEqual({
      code: 65,
      found: [expect.objectContaining({ level: 'error', code: 'no-protodown', subject: 'carp0' })],
    });
    const { code, stdout } = await runToEnd(['check', '-f', file.path]);
    expect(code).toBe(65);
    expect(stdout).toMatch(/^error: carp0: its driver does not know protodown.*\n.*: 1 error \(group g\)\n$/);
    expect((await runToEnd(['plan', '-f', file.path])).code).toBe(65);
    lab.cables.em0.cut();
    for (const words of [['-n'], ['--once'], []]) {
      const { code: exit, stdout: out, stderr } = await runToEnd([...words, '-f', file.path]);
      expect([exit, out]).toEqual([65, '']);
      expect(stderr.match(/carp0: its driver does not know protodown/g)).toHaveLength(1);
    }
    const written = await runToEnd(['--action', 'protodown', '-S', 'em0', '-D', 'carp0']);
    expect(written.code).toBe(64);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('a driver that knows protodown', async () => {
    using _lab = host('em0');
    ip('link', 'add', 'mv0', 'link', 'em0-x', 'type', 'macvlan');
    const { code, found } = await findings('--action', 'protodown', '-S', 'em0', '-D', 'mv0');
    expect([code, found]).toEqual([0, []]);
  });

  test('a daemon that runs the examined configuration is no other holder', async () => {
    using _lab = host('em0', 'em1', 'carp0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    using other = configFile('groups: {g: {sources: [em0], destinations: [carp0]}}');
    const codes = async (...words: string[]) => (await findings(...words)).found.map(({ code }) => code);
    {
      await using _running = await daemon(['-f', file.path]);
      expect(await codes('-f', file.path)).toEqual([]);
      expect(await codes()).toEqual([]);
      expect((await runToEnd(['plan', '-f', file.path])).stdout).not.toMatch(/holds it/);
      expect((await runToEnd(['-n', '-f', file.path])).stdout).not.toMatch(/holds it/);
      expect(await codes('-f', other.path)).toEqual(['held']);
      expect(await codes('-S', 'em0', '-D', 'carp0')).toEqual(['held']);
    }
    await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
    expect(await codes('-S', 'em0', '-D', 'carp0')).toEqual([]);
    expect(await codes('-S', 'em1', '-D', 'carp0')).toEqual(['held']);
    expect(await codes('-f', file.path)).toEqual(['held']);
  });

  test('programs of hooks that are not there', async () => {
    using _lab = host('em0', 'carp0');
    using file = configFile(
      'groups: {g: {sources: [em0], destinations: [carp0]}}\nhooks: [{exec: [/no/such/notify]}]\n',
    );
    const { code, found } = await findings('-f', file.path);
    expect(code).toBe(0);
    expect(found).toEqual([expect.objectContaining({ code: 'no-program', subject: '/no/such/notify' })]);
  });

  test('what is wrong with the file', async () => {
    using file = configFile('groups: {g: {sources: [em0], destinations: []}}');
    const { code, stdout } = await runToEnd(['check', '--json', '-f', file.path]);
    expect(code).toBe(65);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      issues: [{ line: 1, column: 44, key: 'groups.g.destinations' }],
    });
  });
});

test('the daemon tells the same at its start', async () => {
  using _lab = host('em0');
  await using running = await daemon(['-S', 'em0', '-D', 'em0-x']);
  await running.line(/em0-x: em0 is the other end of em0-x/);
});

test('plan ends as check and the start do where something is missing', async () => {
  using _lab = host('em0');
  const words = ['-S', 'em0', '-D', 'carp9'];
  const codes = async (...more: string[]) =>
    (
      await Promise.all(
        [['check'], ['plan'], ['-n']].map((command) => runToEnd([...command, ...words, ...more])),
      )
    ).map(({ code }) => code);
  expect(await codes()).toEqual([1, 1, 1]);
  expect(await codes('--wait')).toEqual([0, 0, 0]);
});

test.each([['check'], ['check', '--json'], ['plan']])(
  '%s refuses what this system cannot do, as the start does',
  async (...command) => {
    using _lab = host('em0');
    using file = configFile('groups: {g: {sources: [em0], destinations: [{demote: carp}]}}');
    const { code, stdout, stderr } = await runToEnd([...command, '-f', file.path]);
    expect([code, stdout]).toEqual([65, '']);
    expect(stderr).toContain(`${file.path}: demote`);
    expect(stderr).toContain('this system has no carp demotion counter');
  },
);

describe('plan', () => {
  test('says what would be set, when and why, and sets nothing', async () => {
    using lab = host('em0', 'em1', 'carp0', 'carp1', 'carp2');
    lab.netif.setAdmin('em0', 'down');
    lab.netif.setAdmin('carp2', 'down');
    using file = configFile(`groups:
  a: {sources: [em0], destinations: [carp0]}
  b: {sources: [em0], destinations: [carp1], down-delay: 3s}
  c: {sources: [em1], destinations: [carp2]}
`);
    const { code, stdout } = await runToEnd(['plan', '-f', file.path]);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'carp0 would be set down at once a: em0 failed (admin down)',
      'carp1 would be set down at once b: em0 failed (admin down)',
      'carp2 would be set up at once c: em1 active',
      '',
    ]);
    expect([lab.isUp('carp0'), lab.isUp('carp1'), lab.isUp('carp2')]).toEqual([true, true, false]);
  });
});

describe('simulate', () => {
  const rule = 'groups: {g: {sources: [em0], destinations: [carp0], up-delay: 2s}}';

  test('draws a written timeline and tells every transition', async () => {
    using file = configFile(rule);
    using timeline = configFile('# a cut\n1s em0 failed no carrier\n4s em0 active\n10s end\n');
    const { code, stdout } = await runToEnd(['simulate', '-f', file.path, timeline.path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^source em0 +━+·+━+$/m);
    expect(stdout).toMatch(/^group g +━+·+╱+━+$/m);
    expect(stdout).toMatch(/^ +1 s {2}carp0: set down$/m);
    expect(stdout).toMatch(/^ +6 s {2}carp0: set up$/m);
  });

  test('names every line that is wrong', async () => {
    using file = configFile(rule);
    using timeline = configFile('soon em0 failed\n1s em9 failed\n2s em0 broken\n1s em0 active\n');
    const { code, stderr } = await runToEnd(['simulate', '-f', file.path, timeline.path]);
    expect(code).toBe(65);
    expect(
      stderr
        .split('\n')
        .slice(0, -1)
        .map((line) => /:(\d):1: (.{12})/.exec(line)?.slice(1)),
    ).toEqual([
      ['1', "'soon': a li"],
      ['2', "'em9' is not"],
      ['3', "'broken': mu"],
      ['4', "'1s' is befo"],
    ]);
  });

  test('takes the journal of a daemon', async () => {
    using lab = host('em0', 'carp0');
    using file = configFile(rule);
    const env = { STATE_DIRECTORY: file.folder };
    await using running = await daemon(['-S', 'em0', '-D', 'carp0'], { env });
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    running.signal('SIGTERM');
    await running.ended;
    const { readdirSync } = await import('node:fs');
    const journal = readdirSync(file.folder).find((name) => name.endsWith('.journal')) ?? '';
    const { stdout } = await runToEnd(['simulate', '--json', '-f', file.path, join(file.folder, journal)]);
    const entries = JSON.parse(stdout) as { transitions: { to: string }[] }[];
    expect(entries.flatMap(({ transitions }) => transitions.map(({ to }) => to))).toEqual(['up', 'down']);
  });
});
