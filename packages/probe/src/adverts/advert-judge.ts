import { objectWith } from '@ifdepd/libc';
import { addressText } from '@ifdepd/netlink/rtnetlink';
import type { Verdict } from '../judge/judge.ts';
import { milliseconds } from '../timing/milliseconds.ts';
import type { Advert } from '../wire/advert.ts';
import { type AdvertTarget, advertLabel } from './advert-target.ts';

/** The interval of VRRP that names none, in milliseconds. */
const EVERY_MS = 1000;

/** The skew of the lowest priority is a whole interval: so long may the first advertisement take. */
const FIRST_INTERVALS = 4;

/**
 * Judges what is heard of one virtual router. It has no clock and no input of its own: equal input at equal times gives equal
 * verdicts.
 */
export class AdvertJudge {
  readonly #target: AdvertTarget;
  #verdict: Verdict = 'unknown';
  #why: 'waits' | 'heard' | 'silent' | 'given up' | 'outranked' = 'waits';
  /** The last advertisement of the side that counts, and the one that ended it. */
  #last: Advert | null = null;
  #other: Advert | null = null;
  /** How long another router than this host counts as there. */
  #otherUntilMs = Number.NEGATIVE_INFINITY;
  /** A router that outranks this host, which goes on as master all the same: neither accepts the other. */
  #defied: Advert | null = null;
  #sinceMs: number;
  #lastsMs: number;
  #untilMs: number;

  /** @param nowMs milliseconds of any monotonic clock */
  constructor(target: AdvertTarget, nowMs: number) {
    objectWith('AdvertJudge: target', target, 'kind', 'vrid');
    this.#target = target;
    this.#sinceMs = milliseconds('AdvertJudge: nowMs', nowMs);
    this.#lastsMs = FIRST_INTERVALS * (target.everyMs ?? EVERY_MS);
    this.#untilMs = nowMs + this.#lastsMs;
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /** The last advertisement that counts: of another router for `peer`, of this host for `vrrp`. Null before. */
  get last(): Advert | null {
    return this.#last;
  }

  /** When silence will change the verdict; Infinity where it will not. */
  get wakeMs(): number {
    return this.#untilMs;
  }

  /** The reason of the verdict in words. @param nowMs on the clock of {@link AdvertJudge.observe} */
  reason(nowMs: number): string {
    const isPeer = this.#target.kind === 'peer';
    const label = advertLabel(this.#target);
    const who = isPeer ? sourceText(this.#last) : 'this node';
    switch (this.#why) {
      case 'heard':
        return `${who} advertises ${label}${priorityText(this.#last)}`;
      case 'given up':
        return `${who} has given up ${label}`;
      case 'outranked':
        return `${sourceText(this.#other)} is master of ${label}${priorityText(this.#other)}`;
      case 'silent':
        return `no advert of ${isPeer ? 'another router' : who} for ${label} for ${((nowMs - this.#sinceMs) / 1000).toFixed(1)} s`;
      default:
        return `no advert for ${label} yet`;
    }
  }

  /**
   * Takes an advertisement of the virtual router in.
   *
   * @param isOwn whether this host has sent it
   * @throws {TypeError} where an argument is not what its type says
   */
  observe(advert: Advert, isOwn: boolean, nowMs: number): void {
    objectWith('AdvertJudge.observe: advert', advert, 'source', 'lastsMs', 'givesUp');
    milliseconds('AdvertJudge.observe: nowMs', nowMs);
    if (isOwn === (this.#target.kind === 'vrrp')) {
      this.#observeCounting(advert, nowMs);
    } else if (!isOwn) {
      this.#otherUntilMs = advert.givesUp ? nowMs : nowMs + advert.lastsMs;
      if (this.#verdict === 'active' && this.#isOutrankedBy(advert)) {
        this.#other = advert;
        this.#fail('outranked');
      }
    }
  }

  /** It is silent at `wakeMs`. */
  expire(): void {
    this.#fail('silent');
  }

  /** The machine was asleep or starved, so silence says nothing: waits for as long again. The verdict stays. */
  restart(nowMs: number): void {
    if (this.#untilMs !== Number.POSITIVE_INFINITY) {
      this.#untilMs = nowMs + this.#lastsMs;
    }
  }

  #observeCounting(advert: Advert, nowMs: number): void {
    if (!advert.givesUp) {
      if (nowMs >= this.#otherUntilMs) {
        this.#defied = null;
      } else if (this.#why === 'outranked') {
        this.#defied = this.#other;
      }
      this.#last = advert;
      this.#verdict = 'active';
      this.#why = 'heard';
      this.#sinceMs = nowMs;
      this.#lastsMs = advert.lastsMs;
      this.#untilMs = nowMs + advert.lastsMs;
    } else if (this.#last === null || isOfSameSource(advert, this.#last)) {
      this.#last = advert;
      this.#fail('given up');
    }
  }

  /** RFC 9568, 6.4.3: the higher priority is master, and of equal ones the higher address. */
  #isOutrankedBy(advert: Advert): boolean {
    const own = this.#last;
    return (
      own !== null &&
      !advert.givesUp &&
      !(this.#defied !== null && isOfSameSource(advert, this.#defied)) &&
      (advert.priority > own.priority ||
        (advert.priority === own.priority && Buffer.compare(advert.source, own.source) > 0))
    );
  }

  #fail(why: 'silent' | 'given up' | 'outranked'): void {
    this.#verdict = 'failed';
    this.#why = why;
    this.#untilMs = Number.POSITIVE_INFINITY;
  }
}

function sourceText(advert: Advert | null): string {
  return advert === null ? 'another router' : addressText(advert.source);
}

function priorityText(advert: Advert | null): string {
  return advert === null || advert.protocol === 'CARP' ? '' : ` with priority ${advert.priority}`;
}

function isOfSameSource({ source }: Advert, other: Advert): boolean {
  return Buffer.compare(source, other.source) === 0;
}
