import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apart } from '@ifdepd/netlab';
import type { Candidate } from './reaction.ts';

/** Another program that can do the same work: em0 lost, carp0 down. */
export interface Peer {
  readonly name: string;
  /** Its settings, in its own terms. */
  readonly by: string;
  /** Null where it is not installed. */
  readonly candidate: Candidate | null;
  /** How to get it on Debian. */
  readonly package: string;
}

function installed(paths: readonly string[]): string | null {
  const found = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

function inSbin(name: string): readonly string[] {
  return [`/usr/sbin/${name}`, `/sbin/${name}`, `/usr/local/sbin/${name}`];
}

function peer(
  { name, by, package: from }: Pick<Peer, 'name' | 'by' | 'package'>,
  paths: readonly string[],
  start: (program: string) => string,
): Peer {
  const program = installed(paths);
  const candidate = program === null ? null : { name, command: apart(start(program)), ready: null };
  return { name: program === null ? name : named(name, program), by, package: from, candidate };
}

/** The peer with its version, if it reports one. */
function named(name: string, program: string): string {
  const text = execFileSync('sh', ['-c', '"$1" --version 2>&1 || "$1" -h 2>&1 || true', 'sh', program], {
    encoding: 'utf8',
  });
  const version = /\d+(?:\.\d+)*/.exec(text)?.[0];
  return version === undefined ? name : `${name} ${version}`;
}

/**
 * The peers, configured to do what `-S em0 -D carp0` does, each in its fastest setting.
 *
 * @param folder for their scripts and configurations
 */
export function peers(folder: string): readonly Peer[] {
  const file = (name: string, text: string, mode = 0o644): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const script = (name: string, text: string): string => file(name, `#!/bin/sh\n${text}\n`, 0o755);
  const plain = 'LinkLocalAddressing=no\nIPv6AcceptRA=no\nLLDP=no\n';
  const em0 = file('em0.network', `[Match]\nName=em0\n[Network]\n${plain}`);
  const carp0 = file('carp0.network', `[Match]\nName=carp0\n[Network]\nBindCarrier=em0\n${plain}`);
  const notify = script(
    'notify',
    'case $3 in FAULT) exec ip link set carp0 down;; *) exec ip link set carp0 up;; esac',
  );
  const keepalived = file(
    'keepalived.conf',
    `global_defs {
  script_user root
}
vrrp_instance gateway {
  state BACKUP
  interface lan0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    192.0.2.1/24
  }
  track_interface {
    em0
  }
  notify ${notify}
}
`,
  );
  const plugged = script('ifplugd.action', 'exec ip link set carp0 $2');
  const plug = script(
    'netplug',
    'case $2 in in) exec ip link set carp0 up;; out) exec ip link set carp0 down;; esac',
  );
  return [
    peer(
      { name: 'systemd-networkd', by: 'BindCarrier=', package: 'systemd' },
      ['/usr/lib/systemd/systemd-networkd', '/lib/systemd/systemd-networkd'],
      (program) =>
        `mkdir -p /run/systemd/network /run/systemd/netif && cp ${em0} ${carp0} /run/systemd/network/ && ` +
        `(chown systemd-network /run/systemd/netif || true) && exec ${program} 2>/dev/null`,
    ),
    peer(
      { name: 'keepalived', by: 'track_interface, notify script', package: 'keepalived' },
      inSbin('keepalived'),
      (program) =>
        'ip link add lan0 type veth peer name lan0-x && ip link set lan0-x up && ip link set lan0 up && ' +
        `ip address add 192.0.2.2/24 dev lan0 && exec ${program} -n -P -f ${keepalived} >/dev/null 2>&1`,
    ),
    peer(
      { name: 'ifplugd', by: 'polling every 10 ms, no delay', package: 'ifplugd' },
      inSbin('ifplugd'),
      (program) => `exec ${program} -n -s -b -q -a -i em0 -r ${plugged} -t 0 -T 10000 -u 0 -d 0 2>/dev/null`,
    ),
    peer(
      { name: 'netplugd', by: 'script', package: 'netplug' },
      inSbin('netplugd'),
      (program) => `exec ${program} -F -P -i em0 -c /dev/null -s ${plug} 2>/dev/null`,
    ),
  ];
}
