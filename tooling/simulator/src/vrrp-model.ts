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
 * goodbye: it cannot send any more. Adverts arrive at once, or never.
 */
export class VirtualRouter {
  readonly #routers: { readonly settings: RouterSettings; state: State }[];
  readonly #hosts: VirtualRouterHosts;

  constructor(routers: readonly RouterSettings[], hosts: VirtualRouterHosts) {
    this.#routers = routers.map((settings) => ({ settings, state: INIT }));
    this.#hosts = hosts;
  }

  /** The gateways that are masters. */
  get masters(): readonly number[] {
    return [...this.#routers.keys()].filter((gateway) => this.#routers[gateway]?.state.is === 'master');
  }

  /** When a timer is due next; null where none runs. */
  get due(): number | null {
    const times = this.#routers.map(({ state }) => dueOf(state)).filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Looks at the interfaces, and does what is due now. */
  advance(now: number): void {
    for (const [gateway, router] of this.#routers.entries()) {
      if (!this.#hosts.isUsable(gateway)) {
        router.state = INIT;
      } else if (router.state.is === 'init') {
        router.state = backup(router.settings, now);
      }
    }
    for (const [gateway, router] of this.#routers.entries()) {
      const due = dueOf(router.state);
      if (due !== null && due <= now) {
        router.state = { is: 'master', advertAt: now + ADVERT_MS };
        this.#send(gateway, router.settings, now);
      }
    }
  }

  #send(from: number, { priority }: RouterSettings, now: number): void {
    if (!this.#hosts.isConnected()) {
      return;
    }
    for (const [gateway, router] of this.#routers.entries()) {
      const { settings, state } = router;
      // Of two routers with the same priority the one with the higher address wins: here the later one.
      const isHigher = priority > settings.priority || (priority === settings.priority && from > gateway);
      const isObeyed = state.is === 'master' ? isHigher : isHigher || !settings.preempt;
      if (gateway !== from && state.is !== 'init' && isObeyed) {
        router.state = backup(settings, now);
      }
    }
  }
}

function backup(settings: RouterSettings, now: number): State {
  return { is: 'backup', masterDownAt: now + masterDownMs(settings) };
}

function dueOf(state: State): number | null {
  return state.is === 'init' ? null : state.is === 'backup' ? state.masterDownAt : state.advertAt;
}
