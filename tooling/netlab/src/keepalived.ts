import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OtherNamespace } from './other-namespace.ts';

/** A virtual router of keepalived. */
export interface VirtualRouter {
  readonly interface: string;
  readonly vrid: number;
  readonly priority: number;
  /** The virtual address with its prefix length. */
  readonly address: string;
  /** Lines of its block besides: `use_vmac vrrp.51`, `track_interface { eth1 }`. */
  readonly lines?: readonly string[];
}

/** A running keepalived. */
export interface Keepalived extends Disposable {
  /** What it has said so far. */
  log(): string;
}

/** Why keepalived cannot run here, and what to do; null where it can. */
export function keepalivedFault(): string | null {
  const { error, status, stderr } = spawnSync('keepalived', ['--version'], { encoding: 'utf8' });
  if (error !== undefined) {
    return `cannot run keepalived(8): ${error.message}. On Debian: apt-get install keepalived`;
  }
  return status === 0 ? null : `keepalived --version: ${stderr.trim()}`;
}

/**
 * Starts keepalived in a network namespace, with VRRP version 3.
 *
 * @param folder for its files
 * @param everyMs between two advertisements: a multiple of 10
 * @param blocks of its configuration besides the virtual routers
 */
export function keepalived(
  where: Pick<OtherNamespace, 'pid'>,
  folder: string,
  routers: readonly VirtualRouter[],
  everyMs: number,
  blocks: readonly string[] = [],
): Keepalived {
  const [config, log] = [join(folder, 'keepalived.conf'), join(folder, 'keepalived.log')];
  writeFileSync(config, configOf(routers, everyMs, blocks));
  const files = ['pid', 'vrrp.pid', 'checkers.pid'].map((name) => join(folder, name));
  const [pid = '', vrrp = '', checkers = ''] = files;
  const output = openSync(log, 'w');
  const words = ['-f', config, '-p', pid, '-r', vrrp, '-c', checkers, '--vrrp', '-n', '-l', '-D'];
  const child = spawn('nsenter', ['-t', `${where.pid}`, '-n', 'keepalived', ...words], {
    stdio: ['ignore', output, output],
  });
  return {
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    [Symbol.dispose]: () => void child.kill(),
  };
}

function configOf(routers: readonly VirtualRouter[], everyMs: number, blocks: readonly string[]): string {
  const instances = routers.map(
    ({ interface: name, vrid, priority, address, lines = [] }) => `vrrp_instance V${vrid} {
  state BACKUP
  interface ${name}
  virtual_router_id ${vrid}
  priority ${priority}
  advert_int ${everyMs / 1000}
  ${lines.join('\n  ')}
  virtual_ipaddress { ${address} }
}`,
  );
  return [
    'global_defs {\n  vrrp_version 3\n  script_user root\n  enable_script_security\n}',
    ...blocks,
    ...instances,
    '',
  ].join('\n');
}
