import type { Device } from './device.ts';
import type { LinuxKernel } from './kernel.ts';
import { errno } from './numbers.ts';

const FOLDER = '/sys/class/net/';

/** An open file of /sys/class/net: it stays with the link for which it was opened. */
export interface SysfsFile {
  readonly device: Device;
  readonly name: string;
}

/** The file of a path; null where there is none. Alternative names are not shown. */
export function sysfsFile(kernel: LinuxKernel, path: string): SysfsFile | null {
  const [link = '', name = ''] = path.startsWith(FOLDER) ? path.slice(FOLDER.length).split('/') : [];
  const device = [...kernel.devices.values()].find((one) => one.name === link);
  return device !== undefined && contents(device, name) !== null ? { device, name } : null;
}

/** pread(2). @returns the number of bytes, or a negated errno */
export function readSysfs(kernel: LinuxKernel, file: SysfsFile, into: Uint8Array, offset: number): number {
  const text = contents(file.device, file.name);
  if (kernel.byIndex(file.device.index) !== file.device || text === null) {
    return -errno.ENODEV;
  }
  const bytes = new TextEncoder().encode(`${text}\n`).subarray(offset, offset + into.byteLength);
  into.set(bytes);
  return bytes.byteLength;
}

function contents(device: Device, name: string): string | null {
  switch (name) {
    case 'ifindex':
      return `${device.index}`;
    case 'address':
      return [...device.address].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
    case 'carrier_changes':
      return `${device.carrierUps + device.carrierDowns}`;
    case 'carrier_up_count':
      return `${device.carrierUps}`;
    case 'carrier_down_count':
      return `${device.carrierDowns}`;
    default:
      return null;
  }
}
