import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@ifdepd/netlab';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A service manager in namespaces of its own, but for the network, which is that of this process. */
export interface Systemd extends AsyncDisposable {
  /** Runs a program where the service manager is, to its end. */
  run(...words: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  };
}

/** Why there can be none here; null where there can. */
export function systemdFault(): string | null {
  if (
    process.getuid?.() !== 0 ||
    readFileSync('/proc/self/uid_map', 'latin1').trim().split(/\s+/)[2] === '1'
  ) {
    return 'a service manager of its own needs root';
  }
  if (!existsSync('/lib/systemd/systemd')) {
    return 'systemd is not installed';
  }
  const probe = `ifdepd-probe-${process.pid}`;
  const script = `mount -t cgroup2 cgroup2 /mnt && mkdir /mnt/${probe} && rmdir /mnt/${probe}`;
  const { status, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  return status === 0 ? null : `no control group can be made here: ${stderr.trim()}`;
}

/** Takes a control group away, with all that a service manager made in it. */
function removeGroup(name: string): void {
  const script = `mount -t cgroup2 cgroup2 /mnt && find /mnt/${name} -depth -type d -exec rmdir {} ';'`;
  spawnSync('unshare', ['--mount', 'sh', '-c', script]);
}

/**
 * Starts a real systemd as process 1 of new namespaces, with our unit as it is installed, and this configuration as
 * /etc/ifdepd.conf. It knows no other unit, so it starts nothing else.
 */
export async function systemd(configuration: string): Promise<Systemd> {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-systemd-'));
  const group = `ifdepd-test-${process.pid}-${Date.now()}`;
  const file = join(folder, 'ifdepd.conf');
  writeFileSync(file, configuration);
  const script = [path('systemd.sh'), group, path('../../../..'), file, process.execPath];
  const child = spawn('unshare', ['--mount', 'sh', ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const init = () => {
    const children = `/proc/${child.pid}/task/${child.pid}/children`;
    return existsSync(children) ? readFileSync(children, 'latin1').trim() : '';
  };
  const run: Systemd['run'] = (...words) => {
    const { status, stdout, stderr } = spawnSync(
      'nsenter',
      ['-t', init(), '-m', '-p', '-u', '-i', '-C', ...words],
      {
        encoding: 'utf8',
        timeout: 90_000,
        // Without node_modules/.bin, where npm may have linked an ifdepd of its own.
        env: { ...process.env, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      },
    );
    return { status, stdout, stderr };
  };
  await until(
    () => `a service manager that runs; it said:\n${said}`,
    () => {
      if (child.exitCode !== null) {
        throw new Error(`systemd could not be started:\n${said}`);
      }
      return init() !== '' && run('systemctl', 'is-active', 'basic.target').status === 0;
    },
  );
  return {
    run,
    async [Symbol.asyncDispose]() {
      process.kill(Number(init()), 'SIGKILL');
      await ended;
      removeGroup(group);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
