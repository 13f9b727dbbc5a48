import { type Libc, must, type ReadableWatch, type Result } from '@ifdepd/libc';
import { linux, type NetlinkSocket, openNetlinkSocket } from '@ifdepd/netlink';
import type { LinkScope } from '../interest.ts';
import { linkFilter } from '../wire/link-filter.ts';
import { RtnetlinkDecoder } from '../wire/netlink.ts';
import type { LinkBackend, Received } from './backend.ts';
import { indexRequest, listRequest, nameRequest } from './rtnetlink-requests.ts';

/** Options of {@link openRtnetlink}. */
export interface RtnetlinkOptions {
  readonly libc: Libc;
  /** The bytes of messages that the kernel keeps. */
  readonly receiveBufferBytes: number;
  /** The expected size of a message. A larger one is lost, and makes the buffer grow. Default: 32 KiB. */
  readonly bufferBytes?: number;
}

/**
 * Opens a socket for link events. It listens before the first request, so that every later change is in its queue.
 *
 * @throws {SystemError} when it cannot be opened
 */
export function openRtnetlink(options: RtnetlinkOptions): LinkBackend {
  return new RtnetlinkBackend(
    options.libc,
    openNetlinkSocket({ ...options, groups: [linux.rtnlgrp.RTNLGRP_LINK] }),
  );
}

class RtnetlinkBackend implements LinkBackend {
  readonly name = 'rtnetlink';
  readonly decoder = new RtnetlinkDecoder();
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  /** The scope of the filter; null without a filter. */
  #scope: LinkScope | null = null;

  constructor(libc: Libc, socket: NetlinkSocket) {
    this.#libc = libc;
    this.#socket = socket;
  }

  receive(): Received {
    return this.#socket.receive();
  }

  requestSnapshot(): number {
    return this.#socket.send(listRequest(this.decoder.expect()));
  }

  narrow(scope: LinkScope | null): Result {
    const before = this.#scope;
    if (scope === before || (scope !== null && before !== null && sameScope(scope, before))) {
      return 0;
    }
    const program = scope === null ? null : linkFilter(scope);
    const narrowed = program !== null && this.#socket.filter.attach(program) >= 0;
    if (!narrowed) {
      // Without a filter every message comes, and the session skips the others.
      const detached = this.#socket.filter.detach();
      if (before !== null) {
        // The earlier filter would drop the messages of what is new.
        must(this.#libc, detached, 'setsockopt SO_DETACH_FILTER', 'rtnetlink socket');
      }
    }
    this.#scope = narrowed ? scope : null;
    return scope === null || before === null ? 0 : this.#read(scope, before);
  }

  /**
   * Requests the links whose messages the earlier filter may have dropped: links that are new to the scope, and links with new
   * alternative names.
   */
  #read(scope: LinkScope, before: LinkScope): Result {
    const known = new Set(before.indices);
    const requests: (Uint8Array | null)[] = scope.indices
      .filter((index) => !known.has(index))
      .map((index) => indexRequest(index));
    if (before.loose.length === 0) {
      requests.push(...scope.loose.map((name) => nameRequest(name)));
    }
    let result = 0;
    for (const request of requests) {
      if (request !== null && result >= 0) {
        result = this.#socket.send(request);
      }
    }
    return result;
  }

  onReadable(callback: () => void): ReadableWatch {
    return this.#socket.onReadable(callback);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function sameScope(one: LinkScope, other: LinkScope): boolean {
  return (
    one.names === other.names &&
    one.loose.length > 0 === other.loose.length > 0 &&
    one.indices.length === other.indices.length &&
    one.indices.every((index, at) => index === other.indices[at])
  );
}
