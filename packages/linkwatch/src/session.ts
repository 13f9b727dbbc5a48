import type { LinkBackend, Received } from './backends/backend.ts';
import { type LinkCounters, zeroCounters } from './counters.ts';
import type { LinkEvent, LinkRecord, SnapshotCause } from './link.ts';
import { LinkList } from './link-list.ts';
import type { LinkTable } from './link-table.ts';
import { TrackedLinks } from './tracked-links.ts';
import type { LinkDecoder, LinkReading, LinkSink } from './wire/link-decoder.ts';

/**
 * Turns received bytes into events, without a socket, a clock or an event loop. The caller passes received bytes to
 * {@link LinkSession.feed}, and requests a list when {@link LinkSession.wantsSnapshot}. A message is only a hint, and the table is
 * the truth: after every possible loss the session wants another snapshot.
 */
export class LinkSession {
  readonly #links: TrackedLinks;
  readonly #list = new LinkList();
  readonly #counters = zeroCounters();
  readonly #decoder: LinkDecoder;
  readonly #emit: (event: LinkEvent) => void;
  readonly #sink: LinkSink = {
    message: () => {
      this.#counters.messages++;
    },
    wants: (index) => this.#wants(index),
    link: (reading, listed) => (listed ? this.#listed(reading) : this.#notified(reading)),
    carrier: (index, carrier) => this.#carrier(index, carrier),
    gone: (index) => this.#gone(index),
    touched: (index) => this.#links.touch(index),
    listEnd: (interrupted) => this.#listEnd(interrupted),
    listRefused: (errno) => this.#refused(errno),
    listBusy: () => {
      this.#list.holes = true;
    },
    lost: () => this.#lost(),
    bad: () => {
      this.#counters.bad++;
      this.#unreadable();
    },
  };

  /** The cause of a snapshot that is still to be requested; null for none. */
  #wanted: SnapshotCause | null = 'start';
  #started = false;
  #failures = 0;
  #refusal: number | null = null;

  /**
   * @param reusesIndex {@link LinkBackend.reusesIndex}
   * @param names the names of interest; null for all
   */
  constructor(
    decoder: LinkDecoder,
    emit: (event: LinkEvent) => void,
    reusesIndex = false,
    names: Iterable<string> | null = null,
  ) {
    this.#decoder = decoder;
    this.#emit = emit;
    this.#links = new TrackedLinks(
      names,
      reusesIndex,
      (event) => this.#report(event),
      () => this.#unreadable(),
    );
  }

  get table(): Pick<LinkTable, 'byIndex' | 'byName' | 'lookUp'> {
    return this.#links.table;
  }

  get counters(): LinkCounters {
    return this.#counters;
  }

  /** Whether the first snapshot is complete. No event comes before it. */
  get started(): boolean {
    return this.#started;
  }

  /** Whether a list should be requested now. */
  get wantsSnapshot(): boolean {
    return this.#wanted !== null && !this.listing;
  }

  /** Whether a list was requested and has not ended. */
  get listing(): boolean {
    return this.#list.cause !== null;
  }

  /** The number of lists in a row that failed, or that a loss overtook. */
  get failures(): number {
    return this.#failures;
  }

  /** The errno of the last refusal since the last complete list. */
  get refusal(): number | null {
    return this.#refusal;
  }

  /** Whether the scope should be passed to the system now. Not before the first list. */
  get wantsScope(): boolean {
    return this.#links.rescoped && this.#started;
  }

  /** Passes the scope to the system. Where that throws, it is still wanted. */
  rescope(system: Pick<LinkBackend, 'narrow'>): void {
    const result = system.narrow?.(this.#links.scope) ?? 0;
    this.#links.rescoped = false;
    if (result < 0) {
      this.#unreadable();
    }
  }

  /** Replaces the names of interest; null for all. */
  setInterest(names: Iterable<string> | null): void {
    if (this.#links.setInterest(names)) {
      this.want('requested');
    }
  }

  /** Requests a snapshot. The first cause stays until a snapshot is complete. */
  want(cause: SnapshotCause): void {
    this.#wanted ??= this.#started ? cause : 'start';
  }

  /** Asks the system for a list. */
  request(system: Pick<LinkBackend, 'requestSnapshot'>): void {
    this.#list.begin(this.#wanted ?? 'requested');
    this.#wanted = null;
    const result = system.requestSnapshot();
    if (result < 0) {
      this.#refused(-result);
    }
  }

  /** Gives up a list that does not come, as if it had not been requested. */
  giveUpList(): void {
    const { cause } = this.#list;
    if (cause !== null) {
      this.#list.end();
      this.#fail(cause);
    }
  }

  /** Processes the result of one receive. Emits the events before it returns. */
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
   * Processes a message of the list. A notification about the same link that came earlier, but after the request, takes precedence:
   * the kernel fills a part of the list, releases its lock, and only then queues the part, so that a notification of a later change
   * can overtake it (netlink_dump() in net/netlink/af_netlink.c). On Linux 6.18, of 282,675 parts behind a notification about the
   * same link, 4 were older than the notification, and none was newer.
   */
  #listed(reading: LinkReading): void {
    const { index } = reading;
    if (this.listing && !this.#list.isOvertaken(index) && this.#links.covers(reading)) {
      this.#list.add(reading, this.#links.table.byIndex.get(index));
    }
  }

  #notified(reading: LinkReading): void {
    this.#list.overtake(reading.index);
    this.#links.update(reading);
  }

  /** While a list is being received the table is incomplete, and every message matters. */
  #wants(index: number): boolean {
    if (this.listing || this.#links.mayCover(index)) {
      return true;
    }
    this.#counters.skipped++;
    return false;
  }

  #carrier(index: number, carrier: boolean): void {
    if (this.#links.setCarrier(index, carrier)) {
      this.#list.overtake(index);
    }
  }

  #gone(index: number): void {
    this.#list.overtake(index);
    this.#links.remove(index);
  }

  #listEnd(interrupted: boolean): void {
    const { cause } = this.#list;
    if (cause === null) {
      return;
    }
    this.#list.end();
    this.#counters.interrupted += interrupted ? 1 : 0;
    if (interrupted || this.#list.holes) {
      this.#fail(cause);
      return;
    }
    // Messages were lost during the list. It is used all the same, and another list follows.
    const overtaken = this.#wanted === 'overrun' || this.#wanted === 'unreadable';
    this.#failures = overtaken ? this.#failures + 1 : 0;
    this.#replace(this.#list.links, cause);
  }

  /** Applies a complete list. Links that it lacks are deleted, except those of notifications since the request. */
  #replace(links: Iterable<LinkRecord>, cause: SnapshotCause): void {
    this.#links.replace(links, (index) => !this.#list.isOvertaken(index));
    this.#list.clear();
    this.#refusal = null;
    this.#started = true;
    this.#counters.snapshots++;
    this.#emit({ type: 'snapshot', cause, links: [...this.#links.table.byIndex.values()] });
  }

  /** Applies a list of all links. A requested list is a snapshot; any other list is compared with the table. */
  #all(links: readonly LinkRecord[]): void {
    const { cause } = this.#list;
    if (cause === null) {
      this.#links.compare(links);
      return;
    }
    this.#list.end();
    this.#failures = 0;
    this.#replace(links, cause);
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

  /** Bytes were lost, which may have held a notification or a part of the list. */
  #unreadable(): void {
    this.#list.holes = true;
    this.want('unreadable');
  }

  #fail(cause: SnapshotCause): void {
    this.#failures++;
    this.#wanted ??= cause;
  }

  #report(event: LinkEvent): void {
    if (this.#started) {
      this.#emit(event);
    }
  }
}
