import { decodeText } from '@ifdepd/libc';
import type { LinuxKernel } from './kernel.ts';
import { ETHTOOL_GLINK, errno, iff, sockios } from './numbers.ts';

/** Offsets in a `struct ifreq`: linux/if.h. */
const [IFNAMSIZ, VALUE] = [16, 16];

/** ioctl(2) on a datagram socket: net/core/dev_ioctl.c. @param at the bytes that a pointer points to @returns 0 or a negated errno */
export function controlRequest(
  kernel: LinuxKernel,
  request: number,
  argument: Uint8Array,
  privileged: boolean,
  at: (address: bigint) => Uint8Array,
): number {
  const view = new DataView(argument.buffer, argument.byteOffset, argument.byteLength);
  const field = argument.subarray(0, IFNAMSIZ);
  const device = kernel.byName(
    decodeText(field.subarray(0, field.indexOf(0) < 0 ? IFNAMSIZ : field.indexOf(0))),
  );
  const changes = request === sockios.SIOCSIFFLAGS || request === sockios.SIOCSIFMETRIC;
  if (changes && !privileged) {
    return -errno.EPERM;
  }
  if (device === undefined) {
    return -errno.ENODEV;
  }
  switch (request) {
    case sockios.SIOCGIFFLAGS:
      view.setUint16(VALUE, device.shownFlags & 0xffff, true);
      return 0;
    case sockios.SIOCSIFFLAGS:
      return -kernel.setAdmin(device, (view.getUint16(VALUE, true) & iff.IFF_UP) !== 0);
    case sockios.SIOCGIFINDEX:
      view.setInt32(VALUE, device.index, true);
      return 0;
    case sockios.SIOCGIFHWADDR:
      view.setUint16(VALUE, 1, true);
      argument.set(device.address, VALUE + 2);
      return 0;
    case sockios.SIOCSIFMETRIC:
      return -errno.EOPNOTSUPP;
    case sockios.SIOCETHTOOL: {
      const bytes = at(view.getBigUint64(VALUE, true));
      const ethtool = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (ethtool.getUint32(0, true) !== ETHTOOL_GLINK || !device.driver.answersLink) {
        return -errno.EOPNOTSUPP;
      }
      // __ethtool_get_link(), and ethtool_op_get_link(), which reports what is known first.
      if (device.running && device.driver.ownLink !== true) {
        kernel.linkWatch.sync(device);
      }
      ethtool.setUint32(4, device.running && device.carrier ? 1 : 0, true);
      return 0;
    }
    default:
      return -errno.ENOTTY;
  }
}
