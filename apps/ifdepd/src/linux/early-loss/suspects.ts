import type { LinkHealth } from '@ifdepd/linkwatch';
import type { Media } from '@ifdepd/netif';
import type { Loop } from '../../system/loop.ts';

/** How long a driver may contradict the kernel's messages before it is no longer asked. */
const CONTRADICTION_LIMIT_MS = 3000;

const NO_CARRIER: LinkHealth = { health: 'failed', reason: 'no carrier' };

/** The options of {@link Suspects}. */
export interface SuspectsOptions {
  /** Whether the kernel's messages call a source active. */
  readonly isActive: (source: string) => boolean;
  /** The answer of the driver; null if it has none, `refused` if the system does not ask it now. */
  readonly read: (source: string) => Media | null | 'refused';
  /** Whether messages wait to be read: what they call a source may be long past, and contradicts nobody. */
  readonly isBehind: () => boolean;
  /** Takes what is believed of a source that the messages call active: its loss, or null when it is over. */
  readonly believe: (source: string, health: LinkHealth | null) => void;
}

/**
 * Whom to believe: sources that have lost their carrier as their driver says, and not as the kernel's messages say.
 *
 * The question to the driver (ETHTOOL_GLINK) waits for the kernel's lock on interfaces, gets the truth and, with most drivers,
 * makes the kernel deliver the delayed message. That message is read before a suspect is confirmed. If it does not come, the
 * driver is believed. A driver that goes on contradicting the messages is not asked any more until they call its source failed.
 */
export class Suspects {
  readonly #options: SuspectsOptions;
  readonly #loop: Loop;
  readonly #suspects = new Map<string, { since: number; confirmed: boolean }>();
  /** Sources whose driver has no answer, or goes on contradicting the kernel. */
  readonly #mute = new Set<string>();
  #early = 0;
  #reads = 0;

  constructor(options: SuspectsOptions, loop: Loop) {
    this.#options = options;
    this.#loop = loop;
  }

  /** How many losses a driver reported before the kernel. */
  get early(): number {
    return this.#early;
  }

  /** How often a driver was asked. */
  get reads(): number {
    return this.#reads;
  }

  /** How many there are. */
  get size(): number {
    return this.#suspects.size;
  }

  has(source: string): boolean {
    return this.#suspects.has(source);
  }

  /** Whether the driver of a source may be asked: it has answered so far, and the messages call the source active. */
  mayAsk(source: string): boolean {
    return this.#options.isActive(source) && !this.#mute.has(source);
  }

  /** Asks the driver of a source that the messages call active. @param at monotonic milliseconds */
  ask(source: string, at: number): void {
    this.#reads += 1;
    const media = this.#options.read(source);
    if (media === 'refused') {
      // The next look asks again.
      return;
    }
    if (media === null || !media.valid) {
      this.#mute.add(source);
      return;
    }
    const suspect = this.#suspects.get(source);
    if (suspect !== undefined && this.#options.isBehind()) {
      suspect.since = at;
    }
    if (suspect === undefined && !media.active) {
      this.#suspects.set(source, { since: at, confirmed: false });
      // A message that the question has made the kernel deliver is in the socket by now, and is read before this runs.
      this.#loop.defer(() => this.#confirm(source));
    } else if (suspect !== undefined && (media.active || at - suspect.since > CONTRADICTION_LIMIT_MS)) {
      this.#clear(source);
      if (!media.active) {
        this.#mute.add(source);
      }
    }
  }

  /** Asks the driver of each suspect again: a message has been received, and what the driver said before is older. */
  recheck(): void {
    for (const source of this.#suspects.keys()) {
      if (this.#hasCarrier(source)) {
        this.#clear(source);
      }
    }
  }

  /** Drops the sources that the messages no longer call active. */
  forgetInactive(): void {
    for (const source of [...this.#suspects.keys(), ...this.#mute]) {
      if (!this.#options.isActive(source)) {
        this.#clear(source);
        this.#mute.delete(source);
      }
    }
  }

  /** The carrier may be back by now, and the kernel may have reported both: then there is nothing to believe. */
  #confirm(source: string): void {
    this.#early += 1;
    const suspect = this.#suspects.get(source);
    if (suspect === undefined || !this.#options.isActive(source) || this.#hasCarrier(source)) {
      this.#suspects.delete(source);
    } else {
      suspect.confirmed = true;
      this.#options.believe(source, NO_CARRIER);
    }
  }

  #clear(source: string): void {
    const confirmed = this.#suspects.get(source)?.confirmed === true;
    this.#suspects.delete(source);
    if (confirmed) {
      this.#options.believe(source, null);
    }
  }

  #hasCarrier(source: string): boolean {
    this.#reads += 1;
    const media = this.#options.read(source);
    return media === null || media === 'refused' || media.active;
  }
}
