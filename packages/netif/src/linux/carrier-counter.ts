import { type Libc, loadLibc, OwnedFd, objectWith } from '@ifdepd/libc';
import { abis } from '../abi/index.ts';
import type { CarrierCounterAbi, NetIfAbi } from '../abi/netif-abi.ts';
import { checkInterfaceName } from '../check-interface-name.ts';
import { Control } from '../control.ts';

/** The kernel's count of one interface's carrier changes. It follows the interface through renames until it is deleted. */
export interface CarrierCounter extends Disposable {
  /** How often the carrier came or went since the interface exists: one system call. −1 once the interface is deleted. */
  read(): number;
}

/** A 32-bit number in decimal digits, and a newline. */
const COUNT_SIZE = 12;

/** Two digits and a separator for each byte of the longest hardware address (MAX_ADDR_LEN, linux/netdevice.h). */
const ADDRESS_SIZE = 32 * 3;

/** The size of the data of a `struct sockaddr`. */
const SA_DATA_SIZE = 14;

const ZERO = 0x30;
const NINE = 0x39;

/**
 * Opens the kernel's count of carrier changes of an interface. The kernel counts a change as soon as the driver reports it,
 * before it notifies anybody, and a read takes no lock of the kernel, for which `NetIf.media` waits. Linux only (sysfs).
 *
 * A sysfs shows the network namespace that it was mounted in, which may not be the one of this thread. So the counter is
 * trusted only where index and hardware address in the sysfs are those that an ioctl gives. Compare the first count with
 * IFLA_CARRIER_UP_COUNT and IFLA_CARRIER_DOWN_COUNT as well.
 *
 * @param options.libc default: this system's
 * @param options.abi default: the table of the libc's target
 * @returns null when there is no such file, and when the file is not trusted
 * @throws {SystemError} when no datagram socket can be opened
 * @throws {TypeError | RangeError} when no interface can have this name
 */
export function openCarrierCounter(
  name: string,
  options: { readonly libc?: Libc; readonly abi?: NetIfAbi } = {},
): CarrierCounter | null {
  checkInterfaceName('openCarrierCounter', name);
  objectWith('openCarrierCounter: options', options);
  const libc = options.libc ?? loadLibc();
  objectWith('openCarrierCounter: libc', libc, 'target', 'open', 'pread');
  const abi = options.abi ?? abis[libc.target.platform];
  if (abi.carrierCounter === null) {
    return null;
  }
  const file = openFile(libc, abi.carrierCounter, name, 'carrier_changes');
  if (file === null) {
    return null;
  }
  // An open file stays with the interface it was opened for. So the check is about that interface, as long as the count
  // can still be read.
  const counter = new FileCounter(libc, file);
  let trusted = false;
  try {
    trusted = isOurs(libc, abi, abi.carrierCounter, name) && counter.read() >= 0;
  } finally {
    if (!trusted) {
      counter[Symbol.dispose]();
    }
  }
  return trusted ? counter : null;
}

class FileCounter implements CarrierCounter {
  readonly #libc: Libc;
  readonly #file: OwnedFd;
  readonly #bytes = new Uint8Array(COUNT_SIZE);

  constructor(libc: Libc, file: OwnedFd) {
    this.#libc = libc;
    this.#file = file;
  }

  read(): number {
    const length = this.#libc.pread(this.#file.fd, this.#bytes, 0);
    return length <= 0 ? -1 : leadingNumber(this.#bytes, length);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** The number at the start of the bytes; −1 when there is none. */
function leadingNumber(bytes: Uint8Array, length: number): number {
  let value = -1;
  for (let at = 0; at < length; at += 1) {
    const digit = bytes[at] as number;
    if (digit < ZERO || digit > NINE) {
      break;
    }
    value = Math.max(value, 0) * 10 + digit - ZERO;
  }
  return value;
}

/** Whether the sysfs shows, under this name, the interface that an ioctl finds under it. */
function isOurs(libc: Libc, netif: NetIfAbi, abi: CarrierCounterAbi, name: string): boolean {
  const index = readFile(libc, abi, name, 'ifindex', COUNT_SIZE);
  const address = readFile(libc, abi, name, 'address', ADDRESS_SIZE);
  if (index === null || address === null) {
    return false;
  }
  const control = new Control(libc, netif);
  try {
    const { bytes } = control.ifreq;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    control.address(name, 'SIOCGIFINDEX');
    if (control.ioctl(abi.SIOCGIFINDEX) < 0 || view.getInt32(abi.ifr_ifindex, true) !== Number(index)) {
      return false;
    }
    control.address(name, 'SIOCGIFHWADDR');
    if (control.ioctl(abi.SIOCGIFHWADDR) < 0) {
      return false;
    }
    const shown = address === '' ? [] : address.split(':').map((byte) => Number.parseInt(byte, 16));
    return shown.slice(0, SA_DATA_SIZE).every((byte, at) => byte === bytes[abi.ifr_hwaddr + 2 + at]);
  } finally {
    control.close();
  }
}

/** @returns null when there is no such file */
function openFile(libc: Libc, abi: CarrierCounterAbi, name: string, file: string): OwnedFd | null {
  const fd = libc.open(`${abi.directory}/${name}/${file}`, abi.O_RDONLY | abi.O_CLOEXEC);
  return fd < 0 ? null : new OwnedFd(libc, fd);
}

/** The text of a file without its newline; null when there is no such file. */
function readFile(
  libc: Libc,
  abi: CarrierCounterAbi,
  name: string,
  file: string,
  size: number,
): string | null {
  using owned = openFile(libc, abi, name, file);
  const bytes = new Uint8Array(size);
  const length = owned === null ? -1 : libc.pread(owned.fd, bytes, 0);
  return length < 0 ? null : new TextDecoder().decode(bytes.subarray(0, length)).trimEnd();
}
