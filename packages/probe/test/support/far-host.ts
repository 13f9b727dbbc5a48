import { spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { ip, until } from '@ifdepd/netlab';

/** A network namespace of its own, until it is disposed of. */
export interface OtherNamespace extends Disposable {
  /** A process in it: `ip link add … netns PID`. */
  readonly pid: number;
  /** Runs a program there. @returns what it printed */
  run(command: string, ...words: readonly string[]): string;
}

/** A host at the far end of a cable, in a network namespace of its own. */
export interface FarHost extends OtherNamespace {
  /** Starts a program of Node there, and waits for the first line that it prints. */
  serve(program: string): Promise<Disposable>;
}

/** Makes a network namespace beside this one. */
export async function otherNamespace(): Promise<OtherNamespace> {
  const holder = spawn('unshare', ['-n', 'sleep', '3600'], { stdio: 'ignore' });
  const pid = holder.pid as number;
  const here = readlinkSync('/proc/self/ns/net');
  await until('another network namespace', () => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) !== here;
    } catch {
      return false;
    }
  });
  return {
    pid,
    run(command, ...words) {
      const inside = ['-t', `${pid}`, '-n', command, ...words];
      const { status, stdout, stderr } = spawnSync('nsenter', inside, { encoding: 'utf8' });
      if (status !== 0) {
        throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
      }
      return stdout;
    },
    [Symbol.dispose]: () => void holder.kill(),
  };
}

/**
 * Makes `eth0` of this namespace, 192.0.2.1/24 and 2001:db8::1/64, with a cable to a host that has 192.0.2.2, 192.0.2.3 and
 * 2001:db8::2, and fe80::2.
 */
export async function farHost(): Promise<FarHost> {
  const other = await otherNamespace();
  const { pid, run } = other;
  ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'far0', 'netns', `${pid}`);
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'addr', 'add', '192.0.2.2/24', 'dev', 'far0');
  run('ip', 'addr', 'add', '192.0.2.3/24', 'dev', 'far0');
  run('ip', 'addr', 'add', '2001:db8::2/64', 'dev', 'far0', 'nodad');
  run('ip', 'addr', 'add', 'fe80::2/64', 'dev', 'far0', 'nodad');
  run('ip', 'link', 'set', 'far0', 'up');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('addr', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
  ip('addr', 'add', 'fe80::1/64', 'dev', 'eth0', 'nodad');
  ip('link', 'set', 'eth0', 'up');
  // IPv6 adds the routes of a link when it has noticed the carrier.
  const multicast = ['-6', 'route', 'show', 'table', 'local', 'type', 'multicast', 'dev'];
  await until('IPv6 at both ends of the cable', () => {
    const [near, other] = [ip(...multicast, 'eth0'), run('ip', ...multicast, 'far0')];
    return near.includes('ff00::/8') && other.includes('ff00::/8');
  });
  return {
    ...other,
    async serve(program) {
      const server = spawn('nsenter', ['-t', `${pid}`, '-n', process.execPath, '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => server.stdout.once('data', resolve));
      return { [Symbol.dispose]: () => void server.kill() };
    },
  };
}
