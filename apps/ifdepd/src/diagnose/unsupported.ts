import type { Libc } from '@ifdepd/libc';
import type { NetIfFeatures } from '@ifdepd/netif';
import { compiled } from '../config/compiled-policy.ts';
import type { DestinationSettings, Settings } from '../config/settings.ts';
import { sourceOf } from '../engine/sources/index.ts';
import { type InterfaceOf, interfacesNow } from '../identity/interfaces-now.ts';
import { identityFaults } from '../identity/spellings.ts';
import { ExitCode, ExitError, UsageError } from '../system/errors.ts';
import { openKernel, type SystemTables } from '../system/kernel.ts';

/**
 * Refuses features that the system of `libc` does not have, and contradicting names of one interface, before anything is
 * started or changed.
 *
 * @param known which interfaces the names mean. Default: the system is asked for each
 * @throws {ExitError} 65 with every such fault, 64 on the command line
 */
export function refuseUnsupported(
  settings: Settings,
  libc: Libc,
  tables: SystemTables = {},
  known?: InterfaceOf,
): void {
  using netif = openKernel(libc, tables).netif;
  const { features } = netif;
  const { sources } = compiled(settings.policy);
  const faults = [
    ...sources.map((id) => [id, sourceOf(id, features).fault(features)]),
    ...[...settings.destinations.values()].map((one) => [one.id, destinationFault(one, features)]),
  ].flatMap(([id, fault]) => (fault === null ? [] : [`${id}: ${fault}`]));
  if (faults.length === 0) {
    faults.push(...identityFaults(settings, known ?? interfacesNow(netif)));
  }
  if (faults.length === 0) {
    return;
  }
  if (settings.file === null) {
    throw new UsageError(faults.join('; '));
  }
  throw new ExitError(ExitCode.config, faults.map((fault) => `${settings.file}: ${fault}`).join('\n'));
}

/** Why a system cannot set a destination with its action, and the remedy; null where it can. */
export function destinationFault(settings: DestinationSettings, features: NetIfFeatures): string | null {
  switch (settings.action) {
    case 'file':
    case 'weight':
    case 'exec':
      return null;
    case 'admin':
      return sourceOf(settings.interface, features).fault(features);
    case 'protodown':
      return features.protoDown
        ? null
        : "protodown is available on Linux only: leave 'action' out, and the interface is set down by its flag";
    case 'vf':
      return features.vfLinkState ? null : 'virtual functions of a card can be set on Linux only';
    case 'demote':
      return demotionFault(settings.group, features);
  }
}

function demotionFault(group: string, { demotion }: NetIfFeatures): string | null {
  if (demotion === null) {
    return 'this system has no carp demotion counter that could be set (OpenBSD and FreeBSD have one): name the carp interfaces as destinations';
  }
  return demotion.of === 'machine' && group !== 'carp'
    ? "this system has one demotion counter for the machine and none for groups: write 'demote: carp'"
    : null;
}
