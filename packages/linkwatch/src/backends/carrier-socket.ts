import { type Libc, must, type OwnedFd, openSocket, type ReadableWatch } from '@ifdepd/libc';
import type { CarrierAbi, KernelEventAbi } from '../abi/carrier-abi.ts';
import { KernelEventDecoder, type KernelEventFormat } from '../wire/kernel-events.ts';
import type { LinkNotes } from '../wire/link-notes.ts';
import type { ReadCarrier } from '../wire/route-messages.ts';
import type { Received } from './backend.ts';
import { readCarrierOn } from './read-carrier.ts';
import { type MessageBuffer, receiveMessage } from './receive-message.ts';
import { setLargestReceiveBuffer } from './route-options.ts';

/** An event of the kernel fits in an mbuf of 256 bytes: kev_post_msg_internal() in bsd/kern/kern_event.c. */
const EVENT_BYTES = 1024;

const SUBJECT = 'kernel-event socket';

/** Options of {@link openCarrierSocket}. */
export interface CarrierSocketOptions {
  readonly libc: Libc;
  readonly abi: CarrierAbi;
  readonly format: Omit<KernelEventFormat, 'events'>;
  readonly notes: LinkNotes;
  /** The wanted size, of which the kernel grants a part. It starts with 32 KiB, and drops further events silently. */
  readonly receiveBufferBytes: number;
}

/** Reports carriers, beside a routing socket whose messages have none. */
export interface CarrierSocket extends Disposable {
  /** Reads the next event. Never waits. */
  receive(): Received;
  readonly readCarrier: ReadCarrier;
  onReadable(callback: () => void): ReadableWatch;
}

/**
 * Opens a kernel-event socket for the data-link class. Needs no privilege.
 *
 * @throws {SystemError} when it cannot be opened: without it a lost carrier would go unnoticed
 */
export function openCarrierSocket(options: CarrierSocketOptions): CarrierSocket {
  const { libc, abi, notes, format, receiveBufferBytes } = options;
  const { PF_SYSTEM, SYSPROTO_EVENT, SIOCSKEVFILT } = abi.events;
  const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
  const owned = openSocket(libc, PF_SYSTEM, SOCK_RAW | SOCK_NONBLOCK, SYSPROTO_EVENT, SUBJECT);
  try {
    setLargestReceiveBuffer(libc, owned.fd, receiveBufferBytes, SUBJECT);
    must(libc, libc.ioctl(owned.fd, SIOCSKEVFILT, filter(abi.events)), 'ioctl SIOCSKEVFILT', SUBJECT);
  } catch (error) {
    owned.close();
    throw error;
  }
  const decoder = new KernelEventDecoder({ ...format, events: abi.events }, notes);
  return new KernelEventSocket(libc, owned, abi, decoder);
}

class KernelEventSocket implements CarrierSocket {
  readonly readCarrier: ReadCarrier;
  readonly #libc: Libc;
  readonly #socket: OwnedFd;
  readonly #received: MessageBuffer;

  constructor(libc: Libc, socket: OwnedFd, abi: CarrierAbi, decoder: KernelEventDecoder) {
    this.#libc = libc;
    this.#socket = socket;
    this.#received = { type: 'bytes', bytes: new Uint8Array(EVENT_BYTES), length: 0, decoder };
    // Any socket will do: soo_ioctl() in bsd/kern/sys_socket.c passes requests of group 'i' to the interfaces.
    this.readCarrier = readCarrierOn(libc, socket.fd, abi.media);
  }

  receive(): Received {
    return receiveMessage(this.#libc, this.#socket.fd, this.#received, SUBJECT);
  }

  onReadable(callback: () => void): ReadableWatch {
    return this.#libc.readable(this.#socket.fd, callback);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** A `struct kev_request` for Apple's network events of the data-link subclass, and no others. */
function filter(abi: KernelEventAbi): Uint8Array {
  const { size, vendor_code, kev_class, kev_subclass } = abi.kev_request;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(vendor_code, abi.KEV_VENDOR_APPLE, true);
  view.setUint32(kev_class, abi.KEV_NETWORK_CLASS, true);
  view.setUint32(kev_subclass, abi.KEV_DL_SUBCLASS, true);
  return bytes;
}
