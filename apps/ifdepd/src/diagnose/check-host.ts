import { type Libc, SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import { compiled } from '../config/compiled-policy.ts';
import { refuseAliasLabels } from '../config/interface-list.ts';
import { nearest, someOf } from '../config/nearest.ts';
import type { Settings } from '../config/settings.ts';
import { sourceOf } from '../engine/sources/index.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import { openKernel, type SystemTables } from '../system/kernel.ts';
import type { Finding } from './finding.ts';
import { exitCodeOf, type NamedInterfaces, pastedName, preconditions } from './preconditions.ts';

/** What {@link checkHost} looks for. */
export interface HostWishes extends NamedInterfaces {
  /** The values of -S and -D as they were written; null where the names come from a file. */
  readonly written: { readonly sources: readonly string[]; readonly destinations: readonly string[] } | null;
  /** Missing interfaces are no error. */
  readonly wait: boolean;
  /** No interface will be set. */
  readonly dryRun: boolean;
  /** The file that the names come from; null for the command line. */
  readonly file: string | null;
}

/** The interfaces that a configuration names. */
export function interfacesOf({ policy, destinations, probes }: Settings): NamedInterfaces {
  const interfaces = [...destinations.values()].filter((one) => 'interface' in one);
  return {
    sources: [
      ...compiled(policy).sources.flatMap((id) => sourceOf(id).interface ?? []),
      ...new Set([...probes.values()].flatMap(({ target }) => target.interface ?? [])),
    ],
    destinations: [...destinations.values()].flatMap((one) =>
      'interface' in one ? [one.interface] : one.action === 'vf' ? [one.parent] : [],
    ),
    protodown: interfaces.flatMap((one) => (one.action === 'protodown' ? [one.interface] : [])),
  };
}

/**
 * Checks whether this host has the named interfaces, and lets this process set them. Changes nothing.
 *
 * @throws {UsageError} where a list reads like the label of an address alias
 * @throws {ExitError} 1 where interfaces are missing (they are named), 65 (64 on the command line) where a driver
 *   cannot set one that way, 77 where they may not be set
 */
export function checkHost(args: HostWishes, libc: Libc, tables: SystemTables = {}): void {
  using netif = openKernel(libc, tables).netif;
  const exists = (name: string): boolean => isThere(netif, name);
  if (args.written !== null) {
    refuseAliasLabels('-S', args.written.sources, exists);
    refuseAliasLabels('-D', args.written.destinations, exists);
  }
  const errors = preconditions(args, { exists, knowsProtoDown: (name) => netif.knowsProtoDown(name) });
  const [missing, others] = [errors.filter(isMissing), errors.filter((one) => !isMissing(one))];
  if (!args.wait && missing.length > 0) {
    throw new ExitError(ExitCode.failed, missingMessage(missing, args, netif));
  }
  if (others.length > 0) {
    const text = others.map(({ subject, message }) => `${subject}: ${message}`).join('; ');
    throw new ExitError(exitCodeOf(others, args), args.file === null ? text : `${args.file}: ${text}`);
  }
  if (!args.dryRun) {
    refuseUnprivileged(args, netif, exists);
  }
}

const VHID_HINT = 'Here carp(4) has no interfaces of its own: name a vhid and its parent, such as 1@em0. ';

function isMissing({ code }: Finding): boolean {
  return code === 'missing';
}

function missingMessage(missing: readonly Finding[], args: HostWishes, netif: NetIf): string {
  const names = missing.map(({ subject }) => subject);
  const list = someOf(
    missing.map(({ subject, message }) => `${subject} ${/\([^)]*\)/.exec(message)?.[0] ?? ''}`),
  );
  const carp = netif.features.carp === 'vhid' && names.some((name) => /^carp\d/.test(name));
  const hint = carp ? VHID_HINT : likely(netif, new Set(names), [...args.sources, ...args.destinations]);
  return `no such interface: ${list}. ${hint}With --wait, ifdepd starts anyway and treats a missing source as failed`;
}

/** How many missing names are compared with those of all interfaces. */
const MOST_GUESSED = 20;

/** `Did you mean em0? `, where interfaces have similar names. */
function likely(netif: NetIf, gone: ReadonlySet<string>, named: readonly string[]): string {
  const known = new Set(named);
  const others = netif.list().flatMap(({ name }) => (known.has(name) ? [] : [name]));
  const near = [...gone]
    .slice(0, MOST_GUESSED)
    .flatMap((name) => pastedName(name, (one) => isThere(netif, one)) ?? nearest(name, others) ?? []);
  return near.length === 0 ? '' : `Did you mean ${[...new Set(near)].join(', ')}? `;
}

function refuseUnprivileged(args: HostWishes, netif: NetIf, exists: (name: string) => boolean): void {
  // The privilege covers the whole network namespace: any existing interface serves to test it.
  const found = args.destinations.find(exists) ?? netif.list()[0]?.name;
  const name = found === undefined ? undefined : sourceOf(found, netif.features).names.at(-1);
  if (name !== undefined && !netif.maySet(name)) {
    throw new ExitError(
      ExitCode.notPermitted,
      `not permitted to set ${args.destinations.join(', ')}: run as root, or with CAP_NET_ADMIN (AmbientCapabilities=CAP_NET_ADMIN in a systemd unit)`,
    );
  }
}

function isThere(netif: NetIf, name: string): boolean {
  try {
    return sourceOf(name, netif.features).exists(netif);
  } catch (error) {
    if (error instanceof SystemError && error.kind === 'not-found') {
      return false;
    }
    throw error;
  }
}
