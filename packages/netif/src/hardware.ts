import { decodeText } from '@ifdepd/libc';
import type { CarrierCounterAbi, EthtoolLink } from './abi/netif-abi.ts';
import type { Control } from './control.ts';
import type { Hardware } from './netif.ts';

/** Reads driver and hardware address by the table of the system. */
export function hardwareReader(control: Control): (name: string) => Hardware | null {
  const { link, carrierCounter } = control.abi;
  return link.how === 'ethtool' && carrierCounter !== null
    ? (name) => readHardware(control, name, link, carrierCounter)
    : () => null;
}

function readHardware(
  control: Control,
  subject: string,
  { SIOCETHTOOL, ETHTOOL_GDRVINFO, ethtool_drvinfo, ETHTOOL_GPERMADDR, ethtool_perm_addr }: EthtoolLink,
  { SIOCGIFHWADDR, ifr_hwaddr }: CarrierCounterAbi,
): Hardware {
  const { address, bytes } = control.libc.pin(Math.max(ethtool_drvinfo.size, ethtool_perm_addr.size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  /** @returns whether the kernel has an answer */
  function ask(command: number, name: string): boolean {
    control.address(subject, name);
    view.setUint32(0, command, true);
    control.ifreq.data = address;
    const result = control.ioctl(SIOCETHTOOL);
    const error = result < 0 ? control.error(result, name, subject) : null;
    if (error !== null && error.kind !== 'unsupported') {
      throw error;
    }
    return error === null;
  }

  const { driver: from, driverSize } = ethtool_drvinfo;
  const named = ask(ETHTOOL_GDRVINFO, 'SIOCETHTOOL ETHTOOL_GDRVINFO');
  const driver = named ? (decodeText(bytes.slice(from, from + driverSize)).split('\0')[0] ?? '') : '';

  const { size, data } = ethtool_perm_addr;
  bytes.fill(0);
  view.setUint32(ethtool_perm_addr.length, size - data, true);
  const length = ask(ETHTOOL_GPERMADDR, 'SIOCETHTOOL ETHTOOL_GPERMADDR')
    ? view.getUint32(ethtool_perm_addr.length, true)
    : 0;
  const permanent = bytes.slice(data, data + length);
  if (permanent.some((byte) => byte !== 0)) {
    return { driver, address: textOf(permanent) };
  }
  if (length === 0) {
    return { driver, address: '' };
  }
  control.address(subject, 'SIOCGIFHWADDR');
  control.must({ name: 'SIOCGIFHWADDR', request: SIOCGIFHWADDR }, subject);
  // The data of a `struct sockaddr` follow its family.
  const present = control.ifreq.bytes.subarray(ifr_hwaddr + 2, ifr_hwaddr + 2 + length);
  return { driver, address: textOf(present) };
}

function textOf(address: Uint8Array): string {
  return Array.from(address, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
