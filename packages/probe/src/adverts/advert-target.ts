import { objectWith, oneOf, type Platform, text, wholeNumber } from '@ifdepd/libc';
import { probeAbiOf } from '../abi/index.ts';

/** A virtual router whose advertisements are listened for. */
export interface AdvertTarget {
  /**
   * `peer`: active while another router of it advertises. `vrrp`: active while this host does, which is then master.
   * A backup sends nothing, so a master hears no peer.
   */
  readonly kind: 'peer' | 'vrrp';
  /** The VRID of VRRP or the VHID of CARP: 1 to 255. */
  readonly vrid: number;
  /** The interface that the packets cross: the base of a vmac, not the vmac, which may be set down. */
  readonly interface: string;
  /** How often routers advertise, in milliseconds, until an advertisement says it. Default: 1,000. */
  readonly everyMs?: number;
}

const VRID = { least: 1, most: 255 } as const;
const MS = { least: 10, most: 255_000 } as const;

/** @throws {TypeError | RangeError} that says what is wrong */
export function checkAdvertTarget(target: AdvertTarget, platform: Platform): void {
  objectWith('target', target, 'kind');
  oneOf('kind', target.kind, ['peer', 'vrrp']);
  wholeNumber('vrid', target.vrid, VRID);
  text('interface', target.interface);
  wholeNumber('everyMs', target.everyMs ?? MS.least, MS);
  if (probeAbiOf(platform).packet === null) {
    throw new RangeError(
      'only Linux listens for advertisements: name the carp interface or the vhid instead',
    );
  }
}

/** Why a target is wrong, or a system cannot listen for it; null where it can. Nothing is opened. */
export function advertFault(target: AdvertTarget, platform: Platform): string | null {
  try {
    checkAdvertTarget(target, platform);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The target in words: `VRID 51 on eth0`. */
export function advertLabel(target: AdvertTarget): string {
  objectWith('advertLabel: target', target, 'vrid', 'interface');
  const { vrid, interface: name } = target;
  return `VRID ${vrid} on ${name}`;
}
