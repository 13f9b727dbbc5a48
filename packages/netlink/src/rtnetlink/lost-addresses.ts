import { list } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { KernelAddress } from './addresses.ts';
import type { LinkDetails } from './link-details.ts';

/** The IPv6 addresses that an interface loses when it is set down by its flag. */
export interface LostAddresses {
  /** Addresses that keep_addr_on_down would keep. */
  readonly static: boolean;
  /** Addresses with a lifetime: no setting keeps them. */
  readonly dynamic: boolean;
  /** Link-local addresses that a person or program has set: nothing keeps them, and the kernel restores only its own. */
  readonly linkLocal: readonly KernelAddress[];
}

const { RT_SCOPE_LINK: LINK_LOCAL, RT_SCOPE_HOST: LOOPBACK } = linux.route;

/**
 * The addresses that Linux removes from an interface that is set down. IPv4 addresses stay.
 *
 * addrconf_ifdown() in net/ipv6/addrconf.c keeps an address that is permanent and neither link-local nor loopback,
 * where net.ipv6.conf.all.keep_addr_on_down is above 0, or is 0 and that of the interface is above 0.
 *
 * @param addresses those of the interface
 * @param details of the interface; undefined counts as a keep_addr_on_down of 0
 * @param all net.ipv6.conf.all.keep_addr_on_down
 * @param reportsProtocol whether this kernel reports the origin of an address (Linux 5.18)
 */
export function lostAddresses(
  addresses: readonly KernelAddress[],
  details: LinkDetails | undefined,
  all: number,
  reportsProtocol: boolean,
): LostAddresses {
  list('lostAddresses: addresses', addresses);
  const six = addresses.filter(({ family }) => family === 6);
  const routable = six.filter(({ scope }) => scope !== LINK_LOCAL && scope !== LOOPBACK);
  const keeps = (all === 0 ? (details?.keepAddresses ?? 0) : all) > 0;
  return {
    static: !keeps && routable.some(({ permanent }) => permanent),
    dynamic: routable.some(({ permanent }) => !permanent),
    linkLocal: six.filter(
      (address) =>
        reportsProtocol &&
        address.scope === LINK_LOCAL &&
        address.protocol !== linux.ifaProto.IFAPROT_KERNEL_LL &&
        !isMadeOf(address.bytes, details?.hardware),
    ),
  };
}

/** Whether the lower half of an address is the modified EUI-64 of a hardware address (RFC 4291, appendix A). */
function isMadeOf(address: Uint8Array, hardware: Uint8Array | undefined): boolean {
  if (hardware?.byteLength !== 6) {
    return false;
  }
  const [first = 0, ...rest] = hardware;
  const made = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return made.every((byte, at) => address[8 + at] === byte);
}
