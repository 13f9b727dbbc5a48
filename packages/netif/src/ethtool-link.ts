import { type Libc, SystemError } from '@ifdepd/libc';
import type { NetIfAbi } from './abi/netif-abi.ts';
import type { Ifreq } from './ifreq.ts';
import type { Media } from './netif.ts';

/** Reads the link of one interface after another through the same two blocks of memory. */
export interface EthtoolLink {
  /** @param ifreq addressed to `name` */
  read(fd: number, ifreq: Ifreq, name: string): Media | null;
}

/** ETHTOOL_GLINK: a request whose argument is a pointer to `struct ethtool_value`. */
export function openEthtoolLink(libc: Libc, abi: NetIfAbi): EthtoolLink {
  const { SIOCETHTOOL, ETHTOOL_GLINK, ethtool_value: layout } = abi.link;
  const block = libc.pin(layout.size);
  const view = new DataView(block.bytes.buffer, block.bytes.byteOffset, layout.size);

  return {
    read(fd, ifreq, name) {
      view.setUint32(layout.cmd, ETHTOOL_GLINK, true);
      view.setUint32(layout.data, 0, true);
      ifreq.data = block.address;
      const result = libc.ioctl(fd, SIOCETHTOOL, ifreq.bytes);
      if (result >= 0) {
        return { valid: true, active: view.getUint32(layout.data, true) !== 0 };
      }
      const error = new SystemError(libc.target, -result, 'ioctl SIOCETHTOOL ETHTOOL_GLINK', name);
      if (error.kind === 'unsupported') {
        return null;
      }
      throw error;
    },
  };
}
