import { GATEWAYS, type Gateway } from './host.ts';
import { Judge } from './judge.ts';
import {
  CALLS_A_REACTION,
  firstAfter,
  longestDownDelayMs,
  REACTION_MS,
  REST_MS,
  WINDOW_MS,
} from './limits.ts';
import { type Pair, ROUTERS } from './pair.ts';
import { ADVERT_MS, masterDownMs, type VirtualRouter } from './vrrp-model.ts';

/** Since when each of these is so; null while it is not. */
interface Since {
  twoMasters: number | null;
  noMaster: number | null;
  /** No master has its sources. */
  noService: number | null;
  /** By gateway: it must be up, and may send. */
  readonly good: [number | null, number | null];
}

/** Milliseconds from a failure of a master until a backup has noticed it at the latest. */
const TAKE_OVER_MS = Math.max(...Object.values(ROUTERS).flat().map(masterDownMs)) + REACTION_MS;

/** Judges two gateways: each by itself, and what the network sees of both. */
export class PairJudge {
  readonly judges: readonly [Judge, Judge];
  readonly #pair: Pair;
  readonly #since = new Map<string, Since>();

  constructor(pair: Pair) {
    this.#pair = pair;
    this.judges = [new Judge(pair.worlds[0]), new Judge(pair.worlds[1])];
  }

  /** Milliseconds after which something may be wrong though nothing happens: each limit begins to count, or ends. */
  get nextLookMs(): number {
    const lossMs = this.#slowestLossMs();
    const calmAt = this.judges.map((judge) => judge.calmAt + TAKE_OVER_MS);
    const limits = [...this.#since.values()].flatMap(({ twoMasters, noMaster, noService, good }) => [
      at(twoMasters, ADVERT_MS + REACTION_MS),
      at(noMaster, TAKE_OVER_MS),
      at(noService, lossMs + TAKE_OVER_MS),
      ...good.map((since) => at(since, REST_MS + TAKE_OVER_MS)),
    ]);
    const alone = this.judges.map(({ nextLookMs }) => nextLookMs);
    return Math.min(...alone, firstAfter(this.#pair.now, [...calmAt, ...limits]));
  }

  /** @returns what is wrong at this moment */
  wrong(): readonly string[] {
    const alone = GATEWAYS.flatMap((gateway) =>
      this.judges[gateway].wrong().map((text) => `gateway ${gateway}: ${text}`),
    );
    return [...alone, ...[...this.#pair.routers].flatMap(([name, router]) => this.#wrongWith(name, router))];
  }

  #wrongWith(name: string, router: VirtualRouter): readonly string[] {
    const { now, isWhole } = this.#pair;
    const since = this.#sinceOf(name);
    const { masters } = router;
    const serving = masters.filter((gateway) => this.judges[gateway === 0 ? 0 : 1].want(name) !== 'down');
    since.twoMasters = masters.length > 1 && isWhole ? (since.twoMasters ?? now) : null;
    since.noMaster = masters.length === 0 ? (since.noMaster ?? now) : null;
    since.noService = serving.length === 0 ? (since.noService ?? now) : null;
    for (const gateway of GATEWAYS) {
      since.good[gateway] = this.#isGood(gateway, name) ? (since.good[gateway] ?? now) : null;
    }
    const found: string[] = [];
    if (over(since.twoMasters, now) > ADVERT_MS + REACTION_MS) {
      found.push(`${name} has two masters for ${over(since.twoMasters, now)} ms`);
    }
    const reliable = GATEWAYS.filter((gateway) => this.#isReliable(gateway, since.good[gateway]));
    if (reliable.length > 0 && over(since.noMaster, now) > TAKE_OVER_MS) {
      found.push(
        `${name} has no master for ${over(since.noMaster, now)} ms, and gateway ${reliable[0]} is good`,
      );
    }
    const isCalm = this.judges.every(({ calmAt }) => now > calmAt + TAKE_OVER_MS);
    const limitMs = this.#slowestLossMs() + TAKE_OVER_MS;
    if (isCalm && reliable.length > 0 && over(since.noService, now) > limitMs) {
      found.push(
        `no master of ${name} has its sources for ${over(since.noService, now)} ms, and gateway ${reliable[0]} has`,
      );
    }
    return found;
  }

  #sinceOf(name: string): Since {
    const since = this.#since.get(name) ?? {
      twoMasters: null,
      noMaster: null,
      noService: null,
      good: [null, null],
    };
    this.#since.set(name, since);
    return since;
  }

  /** Its daemon runs and must have the interface up, which has a way to the other gateway. */
  #isGood(gateway: Gateway, name: string): boolean {
    const { up, carrier } = this.#pair.worlds[gateway].kernel.link('lan0');
    return this.judges[gateway].want(name) === 'up' && up && carrier;
  }

  /** It has been good for so long that it must be able to take over. */
  #isReliable(gateway: Gateway, goodSince: number | null): boolean {
    const { calmAt } = this.judges[gateway];
    const { now } = this.#pair;
    return goodSince !== null && now > Math.max(calmAt, goodSince + REST_MS) + TAKE_OVER_MS;
  }

  /** How long a gateway may keep a destination up after a loss. */
  #slowestLossMs(): number {
    const delays = this.#pair.worlds.map(
      ({ running, faults }) =>
        longestDownDelayMs(running?.settings.policy.groups ?? {}) + CALLS_A_REACTION * faults.slowMs,
    );
    return Math.max(...delays) + WINDOW_MS;
  }
}

/** When something has lasted so long; never while it is not. */
function at(since: number | null, ms: number): number {
  return since === null ? Number.POSITIVE_INFINITY : since + ms;
}

function over(since: number | null, now: number): number {
  return since === null ? 0 : now - since;
}
