/** Milliseconds between two adverts of a master: the default of RFC 9568. */
export const ADVERT_MS = 1000;

/** A router as its configuration has it. */
export interface RouterSettings {
  /** 1 to 254: the higher one is the master. */
  readonly priority: number;
  /** Whether it replaces a master of lower priority. */
  readonly preempt: boolean;
}

/** Milliseconds without an advert after which a backup becomes the master: Active_Down_Interval of RFC 9568. */
export function masterDownMs({ priority }: RouterSettings): number {
  return 3 * ADVERT_MS + ((256 - priority) * ADVERT_MS) / 256;
}

type State =
  | { readonly is: 'init' }
  | { readonly is: 'backup'; readonly masterDownAt: number }
  | { readonly is: 'master'; readonly advertAt: number };

const INIT: State = { is: 'init' };

/** Where a virtual router is: the interfaces of two gateways, and the wire between them. */
export interface VirtualRouterHosts {
  /** Whether the interface of a gateway is up and has a carrier. */
  isUsable(gateway: number): boolean;
  /** Whether an advert of one gateway reaches the other. */
  isConnected(): boolean;
}

/**
 * One virtual router of several gateways, as RFC 9568 has it, in simulated time. A router whose interface goes down says no
 * goodbye: it cannot send any more. Adverts arrive at once, or never. Those that only keep a backup quiet are sent afterwards.
 */
export class VirtualRouter {
  readonly #routers: { readonly settings: RouterSettings; state: State }[];
  readonly #hosts: VirtualRouterHosts;
  /** As of the last {@link VirtualRouter.advance}. */
  #isConnected = false;
  #masters: readonly number[] = [];
  #changes = 0;

  constructor(routers: readonly RouterSettings[], hosts: VirtualRouterHosts) {
    this.#routers = routers.map((settings) => ({ settings, state: INIT }));
    this.#hosts = hosts;
  }

  /** The gateways that are masters. */
  get masters(): readonly number[] {
    return this.#masters;
  }

  /** How often other gateways became the masters. */
  get changes(): number {
    return this.#changes;
  }

  /** When it may next be otherwise than it is: an advert that only keeps a backup quiet changes nothing. */
  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const [gateway, { state }] of this.#routers.entries()) {
      const isOne = state.is === 'backup' ? !this.#isKeptQuiet(gateway) : this.#masters.length > 1;
      if (isOne && (state.is === 'backup' || this.#isConnected)) {
        due = Math.min(due, dueOf(state));
      }
    }
    return due;
  }

  #isKeptQuiet(backup: number): boolean {
    return (
      this.#isConnected &&
      this.#masters.some((master) => {
        const sent = dueOf(this.#routers[master]?.state ?? INIT);
        return sent < dueOf(this.#routers[backup]?.state ?? INIT) && this.#isObeyed(master, backup);
      })
    );
  }

  /** Looks at the interfaces, and does what is due now; first what was due before that. */
  advance(now: number): void {
    for (let at = this.#nextTimer; at < now; at = this.#nextTimer) {
      this.#fire(at);
    }
    this.#isConnected = this.#hosts.isConnected();
    for (const [gateway, router] of this.#routers.entries()) {
      if (!this.#hosts.isUsable(gateway)) {
        router.state = INIT;
      } else if (router.state.is === 'init') {
        router.state = backup(router.settings, now);
      }
    }
    this.#fire(now);
    const masters = [...this.#routers.keys()].filter((one) => this.#routers[one]?.state.is === 'master');
    if (masters.join() !== this.#masters.join()) {
      this.#masters = masters;
      this.#changes += 1;
    }
  }

  get #nextTimer(): number {
    return Math.min(...this.#routers.map(({ state }) => dueOf(state)));
  }

  #fire(now: number): void {
    for (const [gateway, router] of this.#routers.entries()) {
      if (dueOf(router.state) <= now) {
        router.state = { is: 'master', advertAt: now + ADVERT_MS };
        this.#send(gateway, now);
      }
    }
  }

  #send(from: number, now: number): void {
    for (const [gateway, router] of this.#routers.entries()) {
      if (this.#isConnected && gateway !== from && this.#isObeyed(from, gateway)) {
        router.state = backup(router.settings, now);
      }
    }
  }

  /** Whether a router becomes or stays a backup upon an advert of another one. */
  #isObeyed(from: number, by: number): boolean {
    const [sender, receiver] = [this.#routers[from], this.#routers[by]];
    if (sender === undefined || receiver === undefined || receiver.state.is === 'init') {
      return false;
    }
    const [sent, own] = [sender.settings.priority, receiver.settings.priority];
    // Of two routers with the same priority the one with the higher address wins: here the later one.
    const isHigher = sent > own || (sent === own && from > by);
    return isHigher || (receiver.state.is === 'backup' && !receiver.settings.preempt);
  }
}

function backup(settings: RouterSettings, now: number): State {
  return { is: 'backup', masterDownAt: now + masterDownMs(settings) };
}

/** When the timer of a router is due; infinite where none runs. */
function dueOf(state: State): number {
  return state.is === 'init'
    ? Number.POSITIVE_INFINITY
    : state.is === 'backup'
      ? state.masterDownAt
      : state.advertAt;
}
