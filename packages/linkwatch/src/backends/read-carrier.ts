import type { Libc } from '@ifdepd/libc';
import type { MediaAbi } from '../abi/carrier-abi.ts';
import type { ReadCarrier } from '../wire/route-messages.ts';

/** SIOCGIFMEDIA on any socket. All reads use the same memory. */
export function readCarrierOn(libc: Libc, fd: number, abi: MediaAbi): ReadCarrier {
  const { size, ifm_name, ifm_status } = abi.ifmediareq;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const name = bytes.subarray(ifm_name, ifm_status);
  const text = new TextEncoder();

  return (subject) => {
    for (const request of abi.requests) {
      bytes.fill(0);
      text.encodeInto(subject, name);
      // Any refusal means that the driver has no answer: the interface has no media, or was deleted.
      if (libc.ioctl(fd, request, bytes) >= 0) {
        const status = view.getUint32(ifm_status, true);
        return (status & abi.IFM_AVALID) === 0 ? null : (status & abi.IFM_ACTIVE) !== 0;
      }
    }
    return null;
  };
}
