import type { LinkBackend, LinkDecoder, LinkReading, LinkSink, Received } from './backends/backend.ts';
import { type LinkCounters, zeroCounters } from './counters.ts';
import { type LinkEvent, type LinkRecord, type SnapshotCause, sameLink } from './link.ts';
import { LinkTable } from './link-table.ts';

/**
 * From received bytes to events, without a socket, a clock or a loop: {@link LinkSession.feed} what was received, and
 * ask for a snapshot when {@link LinkSession.wantsSnapshot}. The message is a hint, the table is the truth; whatever
 * may have been missed makes it want another snapshot.
 */
export class LinkSession {
  readonly #table = new LinkTable();
  readonly #counters = zeroCounters();
  readonly #decoder: LinkDecoder;
  readonly #reusesIndex: boolean;
  readonly #emit: (event: LinkEvent) => void;
  readonly #sink: LinkSink = {
    message: () => {
      this.#counters.messages++;
    },
    link: (reading, listed) => (listed ? this.#listed(reading) : this.#notified(reading)),
    carrier: (index, carrier) => this.#carrier(index, carrier),
    gone: (index) => this.#gone(index),
    touched: (index) => this.#touched(index),
    listEnd: (interrupted) => this.#listEnd(interrupted),
    listRefused: (errno) => this.#refused(errno),
    listBusy: () => {
      this.#holes = true;
    },
    lost: () => this.#lost(),
    bad: () => {
      this.#counters.bad++;
      this.#unreadable();
    },
  };

  /** Why a snapshot is still to be asked for. */
  #wanted: SnapshotCause | null = 'start';
  /** Why the list that is being received was asked for. */
  #listing: SnapshotCause | null = null;
  /** The list so far, by index. */
  #list = new Map<number, LinkRecord>();
  /** The indices that notifications were about since the list was asked for. */
  #notifiedSince = new Set<number>();
  /** Whether the list may lack links. */
  #holes = false;
  #started = false;
  #failures = 0;
  #refusal: number | null = null;

  constructor(decoder: LinkDecoder, emit: (event: LinkEvent) => void, reusesIndex = false) {
    this.#decoder = decoder;
    this.#emit = emit;
    this.#reusesIndex = reusesIndex;
  }

  get table(): Pick<LinkTable, 'byIndex' | 'byName' | 'lookUp'> {
    return this.#table;
  }

  get counters(): LinkCounters {
    return this.#counters;
  }

  /** Whether the first snapshot is there. No event comes before it. */
  get started(): boolean {
    return this.#started;
  }

  /** Whether the system should now be asked for a list. */
  get wantsSnapshot(): boolean {
    return this.#wanted !== null && this.#listing === null;
  }

  /** Whether a list was asked for and has not ended. */
  get listing(): boolean {
    return this.#listing !== null;
  }

  /** How many lists in a row could not be used, or were overtaken by a loss. */
  get failures(): number {
    return this.#failures;
  }

  /** The errno of the last refusal since the last complete list. */
  get refusal(): number | null {
    return this.#refusal;
  }

  /** A snapshot is wanted. The first cause stands until one was completed. */
  want(cause: SnapshotCause): void {
    this.#wanted ??= this.#started ? cause : 'start';
  }

  /** Asks the system for the list. */
  request(system: Pick<LinkBackend, 'requestSnapshot'>): void {
    this.#listing = this.#wanted ?? 'requested';
    this.#wanted = null;
    this.#list.clear();
    this.#notifiedSince.clear();
    this.#holes = false;
    const result = system.requestSnapshot();
    if (result < 0) {
      this.#refused(-result);
    }
  }

  /** The answer does not come: as if nothing had been asked for. */
  giveUpList(): void {
    if (this.#listing !== null) {
      this.#fail(this.#listing);
      this.#listing = null;
    }
  }

  /** Takes what one receive brought. Emits what follows from it before it returns. */
  feed(received: Received): void {
    switch (received.type) {
      case 'bytes':
        (received.decoder ?? this.#decoder).decode(received.bytes, received.length, this.#sink);
        break;
      case 'links':
        this.#all(received.links);
        break;
      case 'overrun':
        this.#lost();
        break;
      case 'truncated':
        this.#counters.truncated++;
        this.#unreadable();
        break;
      case 'unreadable':
        this.#counters.bad++;
        this.#unreadable();
        this.giveUpList();
        break;
      case 'foreign':
        this.#counters.foreign++;
        break;
      case 'refused':
        this.#refused(received.errno);
        break;
      default:
    }
  }

  /**
   * A message of the list. A notification about the same link that came earlier, but after the request, wins: the
   * kernel fills a part of the list, lets go of its lock, and only then puts the part into the queue, so that news of a
   * later change can overtake it (netlink_dump() in net/netlink/af_netlink.c). On Linux 6.18, of 282,675 parts behind
   * a notification about the same link, 4 were older than it, and none was newer.
   */
  #listed(reading: LinkReading): void {
    if (this.#listing !== null && !this.#notifiedSince.has(reading.index)) {
      const known = this.#table.byIndex.get(reading.index);
      this.#list.set(
        reading.index,
        known !== undefined && reading.isSameAs(known) ? known : reading.toRecord(),
      );
    }
  }

  #notified(reading: LinkReading): void {
    this.#noteNotified(reading.index);
    const known = this.#table.byIndex.get(reading.index);
    if (known === undefined || !reading.isSameAs(known)) {
      this.#put(reading.toRecord());
    }
  }

  #carrier(index: number, carrier: boolean): void {
    const known = this.#table.byIndex.get(index);
    if (known !== undefined && known.carrier !== carrier) {
      this.#noteNotified(index);
      this.#put({ ...known, carrier, operstate: carrier ? 'up' : 'down' });
    }
  }

  #gone(index: number): void {
    this.#noteNotified(index);
    const link = this.#table.remove(index);
    if (link !== undefined) {
      this.#tell({ type: 'departed', link });
    }
  }

  #touched(index: number): void {
    const link = this.#table.byIndex.get(index);
    if (link !== undefined) {
      this.#tell({ type: 'touched', link });
    }
  }

  #noteNotified(index: number): void {
    if (this.#listing !== null) {
      this.#notifiedSince.add(index);
      this.#list.delete(index);
    }
  }

  #put(link: LinkRecord): void {
    const { was, displaced } = this.#table.put(link);
    if (displaced !== undefined) {
      // Two links of one name: the news about the other one has been missed.
      this.#unreadable();
      this.#tell({ type: 'departed', link: displaced });
    }
    if (was === undefined) {
      this.#tell({ type: 'arrived', link });
    } else if (was.name !== link.name && this.#reusesIndex) {
      this.#tell({ type: 'departed', link: was });
      this.#tell({ type: 'arrived', link });
    } else if (was.name !== link.name) {
      this.#tell({ type: 'renamed', link, was, from: was.name });
    } else {
      this.#tell({ type: 'changed', link, was });
    }
  }

  #listEnd(interrupted: boolean): void {
    const cause = this.#listing;
    if (cause === null) {
      return;
    }
    this.#listing = null;
    this.#counters.interrupted += interrupted ? 1 : 0;
    if (interrupted || this.#holes) {
      this.#fail(cause);
      return;
    }
    // A loss while it was made: it is good news all the same, but not the last.
    const overtaken = this.#wanted === 'overrun' || this.#wanted === 'unreadable';
    this.#failures = overtaken ? this.#failures + 1 : 0;
    this.#replace(this.#list.values(), cause);
  }

  /** A complete list: links that it leaves out are gone, unless a notification since the request knows better. */
  #replace(links: Iterable<LinkRecord>, cause: SnapshotCause): void {
    for (const index of [...this.#table.byIndex.keys()]) {
      if (!this.#notifiedSince.has(index)) {
        this.#table.remove(index);
      }
    }
    for (const link of links) {
      const { displaced } = this.#table.put(link);
      if (displaced !== undefined) {
        this.#unreadable();
      }
    }
    this.#list.clear();
    this.#notifiedSince.clear();
    this.#refusal = null;
    this.#started = true;
    this.#counters.snapshots++;
    this.#emit({ type: 'snapshot', cause, links: [...this.#table.byIndex.values()] });
  }

  /** A list that came by itself is compared with the table; one that was asked for is a snapshot. */
  #all(links: readonly LinkRecord[]): void {
    if (this.#listing !== null) {
      const cause = this.#listing;
      this.#listing = null;
      this.#failures = 0;
      this.#replace(links, cause);
      return;
    }
    const present = new Set(links.map((link) => link.index));
    for (const index of [...this.#table.byIndex.keys()]) {
      if (!present.has(index)) {
        this.#gone(index);
      }
    }
    for (const link of links) {
      const known = this.#table.byIndex.get(link.index);
      if (known === undefined || !sameLink(link, known)) {
        this.#put(link);
      }
    }
  }

  #refused(errno: number): void {
    this.#counters.refused++;
    this.#refusal = errno;
    this.giveUpList();
  }

  #lost(): void {
    this.#counters.overruns++;
    this.want('overrun');
  }

  /** Bytes were lost: with them perhaps a notification, perhaps a part of the list. */
  #unreadable(): void {
    this.#holes = true;
    this.want('unreadable');
  }

  #fail(cause: SnapshotCause): void {
    this.#failures++;
    this.#wanted ??= cause;
  }

  #tell(event: LinkEvent): void {
    if (this.#started) {
      this.#emit(event);
    }
  }
}
