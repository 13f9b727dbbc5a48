import { type Health, type Presence, type Run, run } from '@ifdepd/policy';
import { type Advert, AdvertJudge } from '@ifdepd/probe';
import { compiled } from '../../src/config/compiled-policy.ts';
import type { Settings } from '../../src/config/settings.ts';

const EVERY_MS = 1000;

/** A gateway in memory: a VRRP router as RFC 9568 has it, on a vmac that the rules of ifdepd set, with probes of its role. */
export class VirtualRouter {
  lan = true;
  wan = true;
  state: 'init' | 'backup' | 'master' = 'init';
  /** How often the group `gateway` has changed. */
  changes = 0;
  readonly #name: number;
  readonly #priority: number;
  readonly #clock: () => number;
  readonly #send: (advert: Advert) => void;
  readonly #judges: Readonly<Record<'master' | 'partner', AdvertJudge>>;
  readonly #rules: Run;
  /** What each source was fed as last: to ask the rules for it at each tick takes most of the time of a test. */
  readonly #fed = new Map<string, Health>();
  readonly #timers = new Set<{ readonly atMs: number; readonly then: () => void }>();
  #vmac: Presence = 'up';
  #dueMs = 0;

  constructor(
    name: number,
    priority: number,
    settings: Settings,
    clock: () => number,
    send: (advert: Advert) => void,
  ) {
    this.#name = name;
    this.#priority = priority;
    this.#clock = clock;
    this.#send = send;
    this.#judges = {
      master: new AdvertJudge({ kind: 'vrrp', vrid: 51, interface: 'eth0' }, clock()),
      partner: new AdvertJudge({ kind: 'peer', vrid: 51, interface: 'eth0' }, clock()),
    };
    this.#rules = run(compiled(settings.policy), {
      apply: ({ to }) => {
        this.#vmac = to;
        return to;
      },
      read: () => this.#vmac,
      clock,
      timer: (ms, then) => {
        const timer = { atMs: clock() + ms, then };
        this.#timers.add(timer);
        return () => void this.#timers.delete(timer);
      },
    }) as Run;
    this.#rules.subscribe(({ transitions }) => {
      this.changes += transitions.filter(({ group }) => group === 'gateway').length;
    });
  }

  /** Lets the time of the clock come. */
  tick(): void {
    const now = this.#clock();
    for (const timer of [...this.#timers].filter(({ atMs }) => atMs <= now)) {
      this.#timers.delete(timer);
      timer.then();
    }
    for (const judge of Object.values(this.#judges).filter(({ wakeMs }) => wakeMs <= now)) {
      judge.expire();
    }
    this.#feed('eth0', this.lan ? 'active' : 'failed');
    this.#feed('eth1', this.wan ? 'active' : 'failed');
    this.#feed('probe:master', this.#judges.master.verdict);
    this.#feed('probe:partner', this.#judges.partner.verdict);
    this.#route(now);
  }

  /** An advertisement of the other router has come. */
  hear(advert: Advert): void {
    const now = this.#clock();
    this.#judges.master.observe(advert, false, now);
    this.#judges.partner.observe(advert, false, now);
    if (this.state === 'backup' && advert.givesUp) {
      this.#dueMs = now + this.#skewMs;
    } else if (this.state !== 'init' && advert.priority > this.#priority) {
      this.state = 'backup';
      this.#dueMs = now + 3 * EVERY_MS + this.#skewMs;
    }
  }

  get #skewMs(): number {
    return (EVERY_MS * (256 - this.#priority)) / 256;
  }

  #route(now: number): void {
    if (!(this.lan && this.#vmac === 'up')) {
      if (this.state === 'master') {
        this.#advertise(0);
      }
      this.state = 'init';
    } else if (this.state === 'init') {
      this.state = 'backup';
      this.#dueMs = now + 3 * EVERY_MS + this.#skewMs;
    } else if (now >= this.#dueMs) {
      this.state = 'master';
      this.#dueMs = now + EVERY_MS;
      this.#advertise(this.#priority);
    }
  }

  #advertise(priority: number): void {
    const now = this.#clock();
    const advert: Advert = {
      protocol: 'VRRPv3',
      source: Uint8Array.of(192, 0, 2, this.#name),
      vrid: 51,
      priority,
      intervalMs: EVERY_MS,
      lastsMs: 3 * EVERY_MS + this.#skewMs,
      givesUp: priority === 0,
    };
    if (this.lan) {
      this.#judges.master.observe(advert, true, now);
      this.#send(advert);
    }
  }

  #feed(id: string, health: Health): void {
    if ((this.#fed.get(id) ?? 'unknown') !== health) {
      this.#fed.set(id, health);
      this.#rules.feed({ type: 'source', source: { id, health, reason: '' } });
    }
  }
}
