import type { DestinationReading, SourceReading } from '@ifdepd/policy';
import { type NaiveModel, naiveModel } from '@ifdepd/policy/testing';
import { HoldJudge, SAVED_MS } from './hold-judge.ts';
import { DESTINATIONS, SOURCES } from './host.ts';
import {
  CALLS_A_REACTION,
  DELAYS_OVER_MS,
  firstAfter,
  longestDownDelayMs,
  MOST_AT_ONCE,
  REACTION_MS,
  REST_MS,
  SEEN_MS,
  WINDOW_MS,
} from './limits.ts';
import { ReleaseJudge } from './release-judge.ts';
import type { World } from './world.ts';
import { heldOf } from './write-judge.ts';

/** Compares the kernel and the daemon with the naive model of the rules. */
export class Judge {
  readonly holds = new HoldJudge();
  readonly #releases = new ReleaseJudge();
  readonly #world: World;
  /** The right end state at the last look; null while no daemon runs, or calls fail. */
  #model: NaiveModel | null = null;
  /** Destinations that another program has set down or made anew since they were last as the rules say. */
  readonly #lowered = new Set<string>();
  /** Destinations that the daemon need not know to have set down itself, until they are up or it sets them down. */
  readonly #foreign = new Set<string>();
  /** Since when the rules want each of these down that another program had set down before. */
  readonly #settledAt = new Map<string, number>();
  /** Destinations that another program has set down or made anew since the daemon began. */
  readonly #everLowered = new Set<string>();
  /** How many calls of the disk had failed when the daemon began to start. */
  #failedBefore = 0;
  /** Those of which it must know that another program has set them down, and when. */
  readonly #others = new Map<string, number>();
  /** Since when each destination is up that has to be down. */
  readonly #wrongSince = new Map<string, number>();
  /** Why the daemon could not lock its destinations. */
  #locked: string | null = null;
  #disturbedAt = 0;
  #changedAt = 0;
  #windowUntil = 0;
  /** Milliseconds that a destination may be up that has to be down, as of the last look. */
  #limitMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Something happened that may change what has to be. */
  changed(): void {
    this.#changedAt = this.#world.loop.now();
  }

  /** Something happened after which the daemon may need its longest time for whatever it has to do. */
  disturbed(): void {
    this.changed();
    this.#disturbedAt = this.#changedAt;
    this.#wrongSince.clear();
  }

  /** Another network namespace had an event: the next loss is reported late. */
  windowClosed(): void {
    this.#windowUntil = this.#world.loop.now() + WINDOW_MS;
  }

  /** Another program has set a destination down. @param isAnother whether it has made it anew: a daemon sees that later, too */
  lowered(name: string, isAnother = false): void {
    const { running, faults, loop } = this.#world;
    this.#lowered.add(name);
    this.#everLowered.add(name);
    this.#foreign.add(name);
    this.#settledAt.delete(name);
    this.#releases.forget(name);
    const isNamed = running?.settings.destinations.has(name) === true;
    const isSeen = faults.left === 0 && loop.now() - this.#disturbedAt > SEEN_MS;
    if (isNamed && (isSeen || isAnother)) {
      this.#others.set(name, loop.now());
    }
  }

  /** The daemon may not know that it has set these down: it could not record or read that. */
  unowned(ids: readonly string[]): void {
    for (const id of ids) {
      this.#foreign.add(id);
    }
    for (const id of this.#others.keys()) {
      if (ids.includes(id) || !this.#world.exists(id) || this.#world.isSetDown(id)) {
        this.#others.delete(id);
      }
    }
  }

  /**
   * A daemon starts, and goes on from what the one before has saved. Where the disk has failed since, or there was no time to
   * save it, that may be of a time at which a destination was left down that the rules have wanted down since. It need
   * not know what the one before was killed too early to record.
   */
  began(): void {
    const { disk, endedAt, writes, loop } = this.#world;
    writes.began(loop.now());
    for (const [id, at] of this.#others) {
      if (endedAt - at < SAVED_MS) {
        this.#others.delete(id);
      }
    }
    const hasFailed = disk.failed !== this.#failedBefore;
    for (const id of DESTINATIONS) {
      const settledAt = this.#settledAt.get(id) ?? Number.NEGATIVE_INFINITY;
      if (endedAt - settledAt < SAVED_MS || (hasFailed && (settledAt >= 0 || this.#everLowered.has(id)))) {
        this.#lowered.add(id);
      }
    }
    this.#everLowered.clear();
    this.#failedBefore = disk.failed;
    this.holds.began(endedAt);
  }

  /** A reload was refused, while every call of the kernel succeeds. No other daemon runs. */
  refused(reason: string): void {
    if (reason.includes('held by')) {
      this.#locked = reason;
    }
  }

  /** When the daemon has had its longest time since the last disturbance. */
  get calmAt(): number {
    return this.#disturbedAt + REST_MS;
  }

  /** What a destination has to be, as of the last look; null where the daemon answers for nothing at the moment. */
  want(id: string): 'up' | 'down' | 'none' | null {
    const { running } = this.#world;
    const model = this.#model;
    const isReported = running?.daemon.failures.has(id) === true || this.#world.isUp(id) === null;
    if (model === null || running === null || isReported || this.#isExcused(id, model)) {
      return null;
    }
    return model.want(id);
  }

  /** Milliseconds after which something may be wrong though nothing happens: each limit begins to count, or ends. */
  get nextLookMs(): number {
    const now = this.#world.loop.now();
    return firstAfter(now, [
      this.#disturbedAt + REST_MS,
      this.#changedAt + REST_MS,
      this.#windowUntil + WINDOW_MS,
      ...[...this.#wrongSince.values()].map((since) => since + this.#limitMs),
    ]);
  }

  /** @returns what is wrong at this moment */
  wrong(): readonly string[] {
    const { running, loop, faults } = this.#world;
    const now = loop.now();
    this.#model = null;
    const unexplained = this.#unexplained(now);
    if (unexplained.length > 0) {
      return unexplained;
    }
    if (running === null || faults.left > 0) {
      this.disturbed();
      return [];
    }
    const atRest = now - this.#changedAt > REST_MS;
    const isCalm = now - this.#disturbedAt > REST_MS;
    const delayMs = longestDownDelayMs(running.settings.policy.groups);
    const reactionMs = now < this.#windowUntil + WINDOW_MS ? WINDOW_MS : REACTION_MS;
    this.#limitMs = isCalm ? delayMs + reactionMs + CALLS_A_REACTION * faults.slowMs : REST_MS;
    const model = this.#ideal();
    this.#model = model;
    const { groups, destinations } = running.daemon.status;
    const found: string[] = [];
    for (const id of running.settings.destinations.keys()) {
      const is = this.#world.isUp(id);
      const want = model.want(id);
      // A write that fails is reported, and tried again.
      const isReported = running.daemon.failures.has(id);
      const downLate = is === true && want === 'down' && !isReported ? this.#lateMs(id, now) : null;
      if (downLate === null) {
        this.#wrongSince.delete(id);
      } else if (downLate > this.#limitMs) {
        found.push(`${id} is up for ${downLate} ms and has to be down`);
      }
      if (is === true) {
        this.#foreign.delete(id);
      }
      if (is !== false) {
        this.#settledAt.delete(id);
      }
      // A loss that was over within a delay changes nothing: it stays lowered.
      const isSettled = want !== 'down' || destinations.some((one) => one.id === id && one.want === want);
      if (is === null || want === 'none' || (is === (want === 'up') && isSettled)) {
        if (this.#lowered.delete(id) && is === false) {
          this.#settledAt.set(id, now);
        }
      } else if (is === false && want === 'up' && atRest && !isReported && !this.#isExcused(id, model)) {
        found.push(`${id} is down and has to be up`);
      }
    }
    if (atRest) {
      for (const { name, phase } of groups) {
        const right = model.groups.get(name)?.phase;
        if (phase !== right) {
          found.push(`group ${name} is ${phase} and has to be ${right}`);
        }
      }
    }
    return found;
  }

  /** What is wrong whatever the host is at this moment. */
  #unexplained(now: number): readonly string[] {
    const { running, journal, conduct, faults, raised, lowered, disk, writes } = this.#world;
    const found = [...journal.wrong(), ...(this.#locked === null ? [] : [this.#locked])];
    if (faults.mostAtOnce > MOST_AT_ONCE) {
      found.push(`${faults.mostAtOnce} calls fail at one moment`);
    }
    const isOwnedOnly = (id: string) =>
      Object.values(running?.settings.policy.groups ?? {}).some(
        (group) => group.raise === 'owned' && group.destinations?.includes(id) === true,
      );
    for (const id of raised) {
      if (this.#others.delete(id) && isOwnedOnly(id)) {
        found.push(`${id} is set up (raise: owned), and another program had set it down`);
      }
    }
    raised.clear();
    for (const id of lowered) {
      this.#others.delete(id);
      this.#foreign.delete(id);
      this.#settledAt.delete(id);
    }
    lowered.clear();
    for (const id of [...journal.takeRestored(), ...journal.takeUntold()]) {
      this.#foreign.add(id);
    }
    if (running === null) {
      this.#releases.forget();
      writes.forget();
      return found;
    }
    const { groups } = running.daemon.status;
    found.push(...writes.wrong(running.settings.policy, heldOf(groups), now));
    found.push(...conduct.wrong(running.daemon.passedLosses, faults.emptyASecond));
    const isUp = (id: string) => this.#world.isUp(id);
    // A VLAN cannot be set up while the card below it is down.
    const isHindered = faults.left > 0 || faults.slowMs > 0 || isUp('lan0') !== true;
    found.push(...this.#releases.wrong(running.settings, isUp, now, isHindered ? null : REST_MS));
    if (now - this.#changedAt > REST_MS) {
      found.push(...this.holds.wrong(groups, disk.failed));
    }
    return found;
  }

  #lateMs(id: string, now: number): number {
    const since = this.#wrongSince.get(id) ?? now;
    this.#wrongSince.set(id, since);
    return now - since;
  }

  #isExcused(id: string, model: NaiveModel): boolean {
    const destination = model.destinations.get(id);
    return (
      (this.#lowered.has(id) && destination?.insistsUp !== true) ||
      (this.#foreign.has(id) && destination?.ownedOnly === true)
    );
  }

  /** The model, given the present state of the kernel and time enough for every delay: the right end state. */
  #ideal(): NaiveModel {
    const world = this.#world;
    const { running } = world;
    const model = naiveModel(running?.settings.policy ?? { groups: {} }, 0);
    const healthOf = (id: string) => (world.isActive(id) ? 'active' : 'failed');
    const sources = SOURCES.map((id): SourceReading => ({ id, health: healthOf(id), reason: '' }));
    const destinations = DESTINATIONS.map((id): DestinationReading => {
      const is = world.isUp(id);
      return is === false
        ? { id, is: 'down', owned: !this.#foreign.has(id) }
        : { id, is: is === null ? 'missing' : 'up' };
    });
    model.feed({ type: 'sources', complete: true, sources, destinations }, 0);
    for (const { name, phase } of running?.daemon.status.groups ?? []) {
      if (phase === 'paused' || phase === 'drained') {
        model.feed({ type: phase === 'paused' ? 'pause' : 'drain', group: name }, 0);
      }
    }
    for (let now = 0, due = model.nextDeadline(); due !== null && due <= DELAYS_OVER_MS && due > now; ) {
      now = due;
      model.feed({ type: 'tick' }, now);
      due = model.nextDeadline();
    }
    return model;
  }
}
