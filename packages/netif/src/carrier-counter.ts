import { OwnedFd } from '@ifdepd/libc';
import type { CarrierCounterAbi } from './abi/netif-abi.ts';
import type { Control } from './control.ts';

/** What the kernel counts of one interface, under whatever name, until it is deleted. */
export interface CarrierCounter extends Disposable {
  /** How often its carrier came or went since it exists: one system call. −1 where it does not exist any more. */
  read(): number;
}

/** A 32-bit number in decimal digits, and a newline. */
const COUNT_SIZE = 12;

/** Two digits and a separator for each byte of the longest hardware address (MAX_ADDR_LEN, linux/netdevice.h). */
const ADDRESS_SIZE = 32 * 3;

/** What a `struct sockaddr` has room for. */
const SA_DATA_SIZE = 14;

const ZERO = 0x30;
const NINE = 0x39;

/** Opens the counter of one interface after another; null where there is none that can be trusted. */
export function carrierCounters(control: Control): (name: string) => CarrierCounter | null {
  const { carrierCounter: abi } = control.abi;
  return abi === null ? () => null : (name) => open(control, abi, name);
}

function open(control: Control, abi: CarrierCounterAbi, name: string): CarrierCounter | null {
  const file = openFile(control, abi, name, 'carrier_changes');
  // Whoever holds it open sees the interface it was opened for, and then nobody: what is asked below is about that one
  // where it is still there.
  const counter = file === null ? null : new FileCounter(control, file);
  if (counter !== null && isOurs(control, abi, name) && counter.read() >= 0) {
    return counter;
  }
  counter?.[Symbol.dispose]();
  return null;
}

class FileCounter implements CarrierCounter {
  readonly #control: Control;
  readonly #file: OwnedFd;
  readonly #bytes = new Uint8Array(COUNT_SIZE);

  constructor(control: Control, file: OwnedFd) {
    this.#control = control;
    this.#file = file;
  }

  read(): number {
    const length = this.#control.libc.pread(this.#file.fd, this.#bytes, 0);
    return length <= 0 ? -1 : leadingNumber(this.#bytes, length);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** −1 where there is none. */
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

/** Whether the files of this name are about the interface that the kernel knows here by it. */
function isOurs(control: Control, abi: CarrierCounterAbi, name: string): boolean {
  const { bytes } = control.ifreq;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const index = readFile(control, abi, name, 'ifindex', COUNT_SIZE);
  const address = readFile(control, abi, name, 'address', ADDRESS_SIZE);
  if (index === null || address === null) {
    return false;
  }
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
}

/** @returns null where there is no such file */
function openFile({ libc }: Control, abi: CarrierCounterAbi, name: string, file: string): OwnedFd | null {
  const fd = libc.open(`${abi.directory}/${name}/${file}`, abi.O_RDONLY | abi.O_CLOEXEC);
  return fd < 0 ? null : new OwnedFd(libc, fd);
}

/** Its text without the newline; null where there is none. */
function readFile(
  control: Control,
  abi: CarrierCounterAbi,
  name: string,
  file: string,
  size: number,
): string | null {
  using owned = openFile(control, abi, name, file);
  const bytes = new Uint8Array(size);
  const length = owned === null ? -1 : control.libc.pread(owned.fd, bytes, 0);
  return length < 0 ? null : new TextDecoder().decode(bytes.subarray(0, length)).trimEnd();
}
