import type { EthtoolLink, IfmediaLink } from './abi/netif-abi.ts';
import type { Control } from './control.ts';
import type { Media } from './netif.ts';

/** Reads the link of an interface. All reads use the same memory. */
export type ReadMedia = (name: string) => Media | null;

/** Reads the link by the table of the system. */
export function mediaReader(control: Control): ReadMedia {
  const { link } = control.abi;
  return link.how === 'ethtool' ? ethtool(control, link) : ifmedia(control, link);
}

/** ETHTOOL_GLINK: a request whose argument points to a `struct ethtool_value`. */
function ethtool(control: Control, { SIOCETHTOOL, ETHTOOL_GLINK, ethtool_value }: EthtoolLink): ReadMedia {
  const name = 'SIOCETHTOOL ETHTOOL_GLINK';
  const block = control.libc.pin(ethtool_value.size);
  const view = new DataView(block.bytes.buffer, block.bytes.byteOffset, ethtool_value.size);

  return (subject) => {
    control.address(subject, name);
    view.setUint32(ethtool_value.cmd, ETHTOOL_GLINK, true);
    control.ifreq.data = block.address;
    const result = control.ioctl(SIOCETHTOOL);
    if (result >= 0) {
      return { valid: true, active: view.getUint32(ethtool_value.data, true) !== 0 };
    }
    const error = control.error(result, name, subject);
    if (error.kind === 'unsupported') {
      return null;
    }
    throw error;
  };
}

/** SIOCGIFMEDIA without room for the list of media that the hardware supports. The status is returned all the same. */
function ifmedia(control: Control, link: IfmediaLink): ReadMedia {
  const { size, ifm_name, ifm_status } = link.ifmediareq;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const { ifr_name, IFNAMSIZ } = control.abi.ifreq;

  return (subject) => {
    for (const { name, request } of link.requests) {
      control.address(subject, name);
      bytes.fill(0);
      bytes.set(control.ifreq.bytes.subarray(ifr_name, ifr_name + IFNAMSIZ), ifm_name);
      const result = control.ioctl(request, bytes);
      if (result >= 0) {
        // Little-endian: the first bytes hold the lowest bits, for both sizes of the field.
        const status = view.getUint32(ifm_status, true);
        return { valid: (status & link.IFM_AVALID) !== 0, active: (status & link.IFM_ACTIVE) !== 0 };
      }
      const error = control.error(result, name, subject);
      if (!link.noMedia.includes(error.code)) {
        throw error;
      }
    }
    return null;
  };
}
