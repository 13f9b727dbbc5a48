import { type Libc, SystemError } from '@ifdepd/libc';
import { type NetIf, openNetIf } from '@ifdepd/netif';
import { ExitCode, ExitError } from '../exit-code.ts';
import type { DaemonArguments } from './arguments.ts';
import { refuseAliasLabels } from './interface-list.ts';

/**
 * Whether this host has what the command line names, and lets this process set it. Changes nothing.
 *
 * @throws {UsageError} where a list reads like the label of an address alias
 * @throws {ExitError} 1 where interfaces are missing (all of them are named), 77 where they may not be set
 */
export function checkHost(args: DaemonArguments, libc: Libc): void {
  using netif = openNetIf({ libc });
  const exists = (name: string): boolean => isThere(netif, name);
  refuseAliasLabels('-S', args.written.sources, exists);
  refuseAliasLabels('-D', args.written.destinations, exists);
  if (!args.wait) {
    refuseMissing(args, exists);
  }
  if (!args.dryRun) {
    refuseUnprivileged(args, netif, exists);
  }
}

function refuseMissing(args: DaemonArguments, exists: (name: string) => boolean): void {
  const missing = [
    ...args.sources.filter((name) => !exists(name)).map((name) => `${name} (source)`),
    ...args.destinations.filter((name) => !exists(name)).map((name) => `${name} (destination)`),
  ];
  if (missing.length > 0) {
    throw new ExitError(
      ExitCode.failed,
      `no such interface: ${missing.join(', ')}. With --wait, ifdepd starts anyway and treats a missing source as failed`,
    );
  }
}

function refuseUnprivileged(args: DaemonArguments, netif: NetIf, exists: (name: string) => boolean): void {
  // The privilege is one over the whole network namespace: any interface that exists will do to ask for it.
  const name = args.destinations.find(exists) ?? netif.list()[0]?.name;
  if (name !== undefined && !netif.maySet(name)) {
    throw new ExitError(
      ExitCode.notPermitted,
      `not permitted to set ${args.destinations.join(', ')}: run as root, or with CAP_NET_ADMIN ` +
        '(setcap cap_net_admin+ep on the interpreter, or AmbientCapabilities=CAP_NET_ADMIN in a systemd unit)',
    );
  }
}

function isThere(netif: NetIf, name: string): boolean {
  try {
    netif.flags(name);
    return true;
  } catch (error) {
    if (error instanceof SystemError && error.kind === 'not-found') {
      return false;
    }
    throw error;
  }
}
