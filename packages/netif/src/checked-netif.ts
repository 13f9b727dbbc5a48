import { oneOf, text, wholeNumber } from '@ifdepd/libc';
import { checkInterfaceName } from './check-interface-name.ts';
import type { NetIf } from './netif.ts';
import { parseVhidName } from './vhid-name.ts';

/** Virtual functions are numbered from 0; PCI has 16 bits for their count. */
const VF = { least: 0, most: 0xffff };

/**
 * Checks arguments before the system is asked, for callers without a type checker: `setAdmin('eth0', 'UP')` must not set an
 * interface down.
 */
export function checkedNetIf(netif: NetIf): NetIf {
  const longest = netif.features.alternativeNames ?? undefined;

  function checkName(call: string, name: string): void {
    checkInterfaceName(call, name, longest);
  }

  /** Checks the name of a carp, which may be a vhid of an interface: `1@em0`. */
  function checkCarpName(call: string, name: string): void {
    checkName(call, parseVhidName(text(`${call}: name`, name))?.parent ?? name);
  }

  function checkGroup(call: string, group: string | undefined): void {
    if (group !== undefined && text(`${call}: group`, group) === '') {
      throw new RangeError(`${call}: group must be the name of an interface group, not ''`);
    }
  }

  return {
    ...netif,
    flags(name) {
      checkName('flags', name);
      return netif.flags(name);
    },
    setAdmin(name, to) {
      checkName('setAdmin', name);
      if (to !== 'up' && to !== 'down') {
        oneOf('setAdmin: to', to, ['up', 'down']);
      }
      return netif.setAdmin(name, to);
    },
    media(name) {
      checkName('media', name);
      return netif.media(name);
    },
    hardware(name) {
      checkName('hardware', name);
      return netif.hardware(name);
    },
    maySet(name) {
      checkName('maySet', name);
      return netif.maySet(name);
    },
    carp(name) {
      checkCarpName('carp', name);
      return netif.carp(name);
    },
    setAdvskew(name, advskew) {
      checkCarpName('setAdvskew', name);
      wholeNumber('setAdvskew: advskew', advskew, { least: 0, most: 254 });
      return netif.setAdvskew(name, advskew);
    },
    demotion(group) {
      checkGroup('demotion', group);
      return netif.demotion(group);
    },
    demote(delta, group) {
      checkGroup('demote', group);
      wholeNumber('demote: delta', delta, { least: -(2 ** 31), most: 2 ** 31 - 1 });
      return netif.demote(delta, group);
    },
    protoDown(name) {
      checkName('protoDown', name);
      return netif.protoDown(name);
    },
    setProtoDown(name, to, reason) {
      checkName('setProtoDown', name);
      oneOf('setProtoDown: to', to, ['on', 'off']);
      wholeNumber('setProtoDown: reason', reason, { least: 0, most: 31 });
      return netif.setProtoDown(name, to, reason);
    },
    keepsProtoDownReasons(name) {
      checkName('keepsProtoDownReasons', name);
      return netif.keepsProtoDownReasons(name);
    },
    knowsProtoDown(name) {
      checkName('knowsProtoDown', name);
      return netif.knowsProtoDown(name);
    },
    vfLinkState(name, vf) {
      checkName('vfLinkState', name);
      wholeNumber('vfLinkState: vf', vf, VF);
      return netif.vfLinkState(name, vf);
    },
    setVfLinkState(name, vf, to) {
      checkName('setVfLinkState', name);
      wholeNumber('setVfLinkState: vf', vf, VF);
      oneOf('setVfLinkState: to', to, ['auto', 'enable', 'disable']);
      return netif.setVfLinkState(name, vf, to);
    },
    resolve(name) {
      // No interface has an invalid name, so the answer is null and not an error.
      text('resolve: name', name);
      return netif.resolve(name);
    },
  };
}
