import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SEALED } from '../../src/system/inspector.ts';
import { has, rcScript, rcSystems, servicePath, shells } from '../support/rc-script.ts';

const scripts = ['freebsd/ifdepd', 'netbsd/ifdepd', 'openbsd/ifdepd', 'openrc/ifdepd'];
const available = Object.entries(shells).map(([name, words]) => ({ name, words, there: has(name) }));

describe.each(scripts)('%s', (script) => {
  test.for(available)('$name understands it', ({ name, words, there }, { skip }) => {
    skip(!there, `${name} is not installed`);
    const [program, ...options] = words;
    const result = spawnSync(program, [...options, '-n', servicePath(script)], { encoding: 'utf8' });
    expect(result).toMatchObject({ status: 0, stderr: '' });
  });

  test('shellcheck finds nothing but what the system uses or sets', ({ skip }) => {
    skip(!has('shellcheck'), 'shellcheck is not installed');
    // SC1091: rc.subr is not here. SC2034: variables for it. SC2154: variables of it.
    const options = ['-s', script.startsWith('openbsd') ? 'ksh' : 'sh', '-e', 'SC1091,SC2034,SC2154'];
    const { stdout, status } = spawnSync('shellcheck', [...options, servicePath(script)], {
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});

describe.each(['freebsd', 'netbsd'] as const)('%s', (name) => {
  const system = rcSystems[name];
  const enable = name === 'freebsd' ? 'ifdepd_enable=YES' : 'ifdepd=YES';

  describe.each(available)('in $name', ({ name: shell, words, there }) => {
    test('lists with spaces become lists with colons', ({ skip }) => {
      skip(!there, `${shell} is not installed`);
      const script = rcScript(
        system,
        words,
        `${enable}\nifdepd_src_ifaces="em0  bge0\tix0"\nifdepd_dst_ifaces=" carp0 1@em0 "\n`,
      );
      const { status, stderr, program } = script.run('start');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const pidfile = join(script.root, 'run/ifdepd.pid');
      expect(program).toEqual(['-d', '--wait', '-p', pidfile, '-S', 'em0:bge0:ix0', '-D', 'carp0:1@em0']);
    });

    test('a configuration in place of lists, and more options', ({ skip }) => {
      skip(!there, `${shell} is not installed`);
      const script = rcScript(
        system,
        words,
        `${enable}\nifdepd_config={}/ifdepd.conf\nifdepd_flags="-v --metrics 9817"\n`,
      );
      const config = join(script.root, 'ifdepd.conf');
      expect(script.run('start')).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/not readable/),
        program: null,
      });
      writeFileSync(config, 'groups: {}\n');
      expect(script.run('start').program).toEqual([
        ...[
          '-v',
          '--metrics',
          '9817',
          '-d',
          '--wait',
          '-p',
          join(script.root, 'run/ifdepd.pid'),
          '-f',
          config,
        ],
      ]);
      expect(script.run('configtest').program).toEqual([
        ...['-n', '--wait', '-v', '--metrics', '9817', '-f', config],
      ]);
    });

    test.for([
      ['nothing', '', /set ifdepd_src_ifaces and ifdepd_dst_ifaces, or ifdepd_config/],
      ['sources alone', 'ifdepd_src_ifaces=em0', /set ifdepd_src_ifaces and ifdepd_dst_ifaces/],
      ['destinations alone', 'ifdepd_dst_ifaces=carp0', /set ifdepd_src_ifaces and ifdepd_dst_ifaces/],
      ['both ways', 'ifdepd_config=/dev/null\nifdepd_src_ifaces=em0', /but not both/],
    ] as const)('%s: nothing is started', ([, settings, message], { skip }) => {
      skip(!there, `${shell} is not installed`);
      const script = rcScript(system, words, `${enable}\n${settings}\n`);
      for (const action of ['start', 'configtest']) {
        const { status, stderr, program } = script.run(action);
        expect({ status, program }).toEqual({ status: 1, program: null });
        expect(stderr).toMatch(message);
      }
    });

    test('not enabled unless it says so', ({ skip }) => {
      skip(!there, `${shell} is not installed`);
      const script = rcScript(system, words, 'ifdepd_src_ifaces=em0\nifdepd_dst_ifaces=carp0\n');
      expect(script.run('start')).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/is not enabled/),
        program: null,
      });
    });

    test('status, reload and stop reach the process in the pid file', async ({ skip }) => {
      skip(!there, `${shell} is not installed`);
      const script = rcScript(system, words, `${enable}\nifdepd_src_ifaces=em0\nifdepd_dst_ifaces=carp0\n`);
      expect(script.run('status')).toMatchObject({ status: 1, stdout: 'ifdepd is not running.\n' });
      const daemon = spawn(process.execPath, [
        ...[
          '-e',
          'process.on("SIGHUP", () => console.log("reloaded")); setInterval(() => {}, 1e9); console.log("up")',
        ],
      ]);
      onTestFinished(() => void daemon.kill('SIGKILL'));
      await once(daemon.stdout, 'data');
      writeFileSync(join(script.root, 'run/ifdepd.pid'), `${daemon.pid}\n`);
      expect(script.run('status').stdout).toBe(`ifdepd is running as pid ${daemon.pid}.\n`);
      expect(script.run('start')).toMatchObject({ status: 1, program: null });
      const answered = once(daemon.stdout, 'data');
      // What is in rc.conf(5) is tried before the daemon is asked to read it again.
      expect(script.run('reload').program).toEqual(['-n', '--wait', '-S', 'em0', '-D', 'carp0']);
      expect(String(await answered)).toBe('reloaded\n');
      const ended = once(daemon, 'exit');
      expect(script.run('stop').status).toBe(0);
      expect(await ended).toEqual([null, 'SIGTERM']);
    });
  });
});

describe.each(available)('openbsd in $name', ({ name: shell, words, there }) => {
  test('flags of rc.conf.local', ({ skip }) => {
    skip(!there, `${shell} is not installed`);
    const script = rcScript(rcSystems.openbsd, words, '-S em0:bge0 -D carp0:carp1');
    const task = ['-S', 'em0:bge0', '-D', 'carp0:carp1'];
    expect(script.run('start').program).toEqual(['-d', '--wait', ...task]);
    expect(script.run('configtest').program).toEqual(['-n', '--wait', ...task]);
  });

  test('without flags, the configuration', ({ skip }) => {
    skip(!there, `${shell} is not installed`);
    const script = rcScript(rcSystems.openbsd, words, '');
    expect(script.run('start').program).toEqual(['-d', '--wait', '-f', '/etc/ifdepd.conf']);
  });

  test('the process is found by the title that the daemon gives itself', ({ skip }) => {
    skip(!there, `${shell} is not installed`);
    expect(rcScript(rcSystems.openbsd, words, '').run('check').stdout).toBe('check: node: ifdepd\n');
  });
});

test('launchd: a property list with what it needs', ({ skip }) => {
  skip(!has('python3'), 'python3, which reads property lists, is not installed');
  const read = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  const { stdout, stderr, status } = spawnSync('python3', ['-c', read, servicePath('launchd/ifdepd.plist')], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(JSON.parse(stdout)).toMatchObject({
    Label: 'ifdepd',
    ProgramArguments: [
      '/usr/bin/env',
      'ifdepd',
      '--wait',
      '--log-target',
      'syslog',
      '-f',
      '/etc/ifdepd.conf',
    ],
    EnvironmentVariables: { NODE_OPTIONS: SEALED },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
  });
});
