import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { type Host, host } from '../support/host.ts';
import { daemon, type RunOptions, runToEnd } from '../support/program.ts';
import { type Syslog, syslog } from '../support/syslog.ts';

/** Whether a process exists that is more than an entry that nobody has collected. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A daemon in the background, ended with the block. */
async function background(
  log: Syslog,
  _lab: Host<'em0' | 'carp0'>,
  words: readonly string[] = [],
  descriptors: RunOptions['descriptors'] = [],
): Promise<AsyncDisposable & { pid: number; pidfile: string }> {
  const pidfile = join(log.folder, 'ifdepd.pid');
  const started = await runToEnd(['-d', ...words, '-p', pidfile, '-S', 'em0', '-D', 'carp0'], {
    under: log.under,
    descriptors,
  });
  expect(started).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const pid = Number(readFileSync(pidfile, 'utf8'));
  return {
    pid,
    pidfile,
    async [Symbol.asyncDispose]() {
      if (isRunning(pid)) {
        process.kill(pid, 'SIGKILL');
        await until('the daemon to end', () => !isRunning(pid));
      }
    },
  };
}

describe('-d', () => {
  test('returns when the first decision is applied, and goes on in a session of its own', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    await using running = await background(log, lab);
    expect(lab.isUp('carp0')).toBe(false);
    const status = readFileSync(`/proc/${running.pid}/stat`, 'latin1');
    const [, , , session] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    expect(Number(session)).toBe(running.pid);
    lab.netif.setAdmin('em0', 'up');
    await lab.allAre('up', ['carp0']);
  });

  test('holds neither the terminal, nor a directory, nor the one who started it', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    // As a shell leaves them open: the next ones, and one far from all others.
    const left = openSync(join(log.folder, 'left-open'), 'w');
    await using running = await background(log, lab, [], [left, ...Array(60).fill('ignore'), left]);
    closeSync(left);
    expect(readlinkSync(`/proc/${running.pid}/cwd`)).toBe('/');
    for (const fd of [0, 1, 2]) {
      expect(readlinkSync(`/proc/${running.pid}/fd/${fd}`)).toBe('/dev/null');
    }
    const { stdout } = spawnSync('ls', ['-l', `/proc/${running.pid}/fd`], { encoding: 'utf8' });
    expect(stdout).toMatch(/ 2 -> \/dev\/null\n/);
    expect(stdout).not.toMatch(/left-open/);
  });

  test('tells the system log: facility daemon, the process id, what was done and why', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    await using running = await background(log, lab, ['-v']);
    lab.cables.em0.cut();
    // 29 = daemon (3 << 3) + notice (5); 30 = daemon + info (6)
    await log.message(
      new RegExp(`^<28>.* ifdepd\\[${running.pid}\\]: carp0: set down \\(cli: em0 failed\\)$`),
    );
    await log.message(
      new RegExp(`^<29>.* ifdepd\\[${running.pid}\\]: em0: active -> failed \\(lower layer down\\)$`),
    );
    await log.message(new RegExp(`^<30>.* ifdepd\\[${running.pid}\\]: cli: up -> down \\(em0 failed\\)$`));
  });

  test('-d from a directory that was removed: the daemon starts', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    const pidfile = join(log.folder, 'ifdepd.pid');
    const gone = join(log.folder, 'gone');
    const under = [...log.under, 'sh', '-c', `mkdir ${gone}; cd ${gone}; rmdir ${gone}; exec "$@"`, '-'];
    const started = await runToEnd(['-d', '-p', pidfile, '-S', 'em0', '-D', 'carp0'], { under });
    expect(started).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const pid = Number(readFileSync(pidfile, 'utf8'));
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    process.kill(pid, 'SIGTERM');
    await until('the daemon to end', () => !isRunning(pid));
  });

  test.each([['-f'], ['-p'], ['-s']])(
    'a relative %s in a removed directory: exit 71, one line',
    async (option) => {
      using log = syslog();
      using _lab = host('em0', 'carp0');
      const gone = join(log.folder, 'gone');
      const under = ['sh', '-c', `mkdir ${gone}; cd ${gone}; rmdir ${gone}; exec "$@"`, '-'];
      const interfaces = option === '-f' ? [] : ['-S', 'em0', '-D', 'carp0'];
      // A state of its own: the daemon would report what another test left behind.
      const env = { STATE_DIRECTORY: log.folder };
      expect(await runToEnd([option, 'name', ...interfaces], { under, env })).toMatchObject({
        code: 71,
        stderr:
          'ifdepd: name: the current directory has been removed; write the path from / on, or change to another directory\n',
      });
    },
  );

  test('what only a waiting process of ours sets does nothing where another one set it', async () => {
    using lab = host('em0', 'carp0');
    const env = { IFDEPD_WAITING_PID: '1', IFDEPD_READY_FD: '3' };
    await using running = await daemon(['-S', 'em0', '-D', 'carp0'], { env });
    lab.cables.em0.cut();
    await running.line(/carp0: set down/);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s before it is ready reaches the daemon: neither of the two stays',
    async (signal) => {
      using log = syslog();
      using _lab = host('em0', 'carp0');
      const pidfile = join(log.folder, 'ifdepd.pid');
      // The process that waits gets it as soon as it passes signals on: the other one has not begun by then.
      using file = configFile(`if (!process.env.IFDEPD_WAITING_PID) {
        const { spawn } = require('child_process');
        require('child_process').spawn = (...words) => {
          process.kill(process.pid, '${signal}');
          return spawn(...words);
        };
      }`);
      const env = { NODE_OPTIONS: `--require ${file.path}` };
      const ended = await runToEnd(['-d', '-p', pidfile, '-S', 'em0', '-D', 'carp0'], {
        under: log.under,
        env,
      });
      // As far as Node had come: ended by the signal, or stopped in order.
      expect([0, 128 + constants.signals[signal]]).toContain(ended.code);
      // The signal may have come when it was just ready: then it stops now.
      await until('the pid file to go', () => !existsSync(pidfile));
      await until('both processes to go', () => spawnSync('pgrep', ['-f', pidfile]).status === 1);
    },
  );

  test('-d without a system logger: a warning on the terminal, and the daemon starts', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    log.close();
    const pidfile = join(log.folder, 'ifdepd.pid');
    const words = ['-p', pidfile, '-S', 'em0', '-D', 'carp0'];
    expect(await runToEnd(['-d', ...words], { under: log.under })).toMatchObject({
      code: 0,
      stderr:
        'ifdepd: warning: no system logger listens at /dev/log (ECONNREFUSED); log lines wait until one does\n',
    });
    const pid = Number(readFileSync(pidfile, 'utf8'));
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    process.kill(pid, 'SIGTERM');
    await until('the daemon to end', () => !isRunning(pid));
  });

  test('-d with -q prints nothing', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    await using running = await background(log, lab, ['-q']);
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    process.kill(running.pid, 'SIGTERM');
    await until('the daemon to end', () => !isRunning(running.pid));
    expect(log.messages).toEqual([]);
  });

  test('SIGTERM ends it in order: a last word, no pid file, the destination as it was', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    await using running = await background(log, lab);
    process.kill(running.pid, 'SIGTERM');
    await until('the daemon to end', () => !isRunning(running.pid));
    await log.message(/ifdepd\[\d+\]: stopped by SIGTERM; carp0 remains DOWN$/);
    expect(existsSync(running.pidfile)).toBe(false);
    expect(lab.isUp('carp0')).toBe(false);
  });

  test('a second one with the same pid file is refused: exit 75, with the process id of the first', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    await using running = await background(log, lab);
    const words = ['-d', '-p', running.pidfile, '-S', 'em0', '-D', 'carp0'];
    const second = await runToEnd(words, { under: ['env'] });
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(new RegExp(`^ifdepd: already running as process ${running.pid} \\(.*\\n$`));
    expect(isRunning(running.pid)).toBe(true);
  });

  test('-d with a pid file that cannot be written: the terminal shows why, and no process remains', async () => {
    using lab = host('em0', 'carp0');
    lab.netif.setAdmin('em0', 'down');
    const ended = await runToEnd(['-d', '-p', '/no/such/folder/x.pid', '-S', 'em0', '-D', 'carp0']);
    expect(ended.code).toBe(71);
    expect(ended.stderr).toMatch(/^ifdepd: cannot write the pid file \/no\/such\/folder\/x\.pid: ENOENT/);
    expect(lab.isUp('carp0')).toBe(true);
  });

  test('a pid file that a dead process left behind does not keep it from starting', async () => {
    using log = syslog();
    using lab = host('em0', 'carp0');
    writeFileSync(join(log.folder, 'ifdepd.pid'), `${spawnSync('true').pid}\n`);
    await using running = await background(log, lab);
    expect(isRunning(running.pid)).toBe(true);
  });
});
