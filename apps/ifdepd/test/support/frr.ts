import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';

const DAEMONS = '/usr/lib/frr';

/** Why FRR cannot run here, and what to do; null where it can. */
export function frrFault(): string | null {
  if (!existsSync(join(DAEMONS, 'vrrpd'))) {
    return 'FRR is not installed: apt-get install frr';
  }
  const { status, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `FRR needs a mount namespace: ${stderr.trim()}`;
}

/**
 * Starts zebra and vrrpd of FRR in this network namespace.
 *
 * @param folder for their files
 * @param config frr.conf
 */
export async function frr(folder: string, config: string): Promise<Disposable & { log(): string }> {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('frr.conf'), config);
  // They refuse a user who is not in the group of vtysh(1), and no other user is root in a user namespace.
  writeFileSync(at('group'), readFileSync('/etc/group', 'utf8').replace(/^frrvty:.*[^:]$/m, '$&,root'));
  const log = openSync(at('frr.log'), 'w');
  const start = (name: string) => {
    const script = 'mount --bind "$1" /etc/group && shift && exec "$@"';
    const words = ['-u', 'root', '-g', 'root', '-z', at('zserv'), '--vty_socket', folder, '-A', '127.0.0.1'];
    return spawn(
      'unshare',
      [
        ...['--mount', 'sh', '-c', script, 'sh', at('group'), join(DAEMONS, name), ...words],
        ...['-i', at(`${name}.pid`), '-f', at('frr.conf'), '--log', 'stdout', '--log-level', 'debugging'],
      ],
      { stdio: ['ignore', log, log] },
    );
  };
  const read = () => readFileSync(at('frr.log'), 'utf8');
  const zebra = start('zebra');
  await until(
    () => `zebra to listen; it said:\n${read()}`,
    () => existsSync(at('zserv')),
  );
  const vrrpd = start('vrrpd');
  return {
    log: read,
    [Symbol.dispose]() {
      vrrpd.kill('SIGKILL');
      zebra.kill('SIGKILL');
    },
  };
}
