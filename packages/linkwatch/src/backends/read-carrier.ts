import type { Libc } from '@ifdepd/libc';
import type { MediaAbi } from '../abi/carrier-abi.ts';

/** What the driver of an interface says of its carrier now; null where it does not know, or has no media. */
export type ReadCarrier = (name: string) => boolean | null;

/** SIOCGIFMEDIA, asked on any socket, through the same memory each time. */
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
      // Whatever the refusal, an interface without media or one that is gone by now: the driver says nothing.
      if (libc.ioctl(fd, request, bytes) >= 0) {
        const status = view.getUint32(ifm_status, true);
        return (status & abi.IFM_AVALID) === 0 ? null : (status & abi.IFM_ACTIVE) !== 0;
      }
    }
    return null;
  };
}
