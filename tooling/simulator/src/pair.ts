import type { Libc } from '@ifdepd/libc';
import { GATEWAYS, type Gateway } from './host.ts';
import { type RouterSettings, VirtualRouter } from './vrrp-model.ts';
import { World } from './world.ts';

/** The virtual routers, each on a destination of both gateways: what each gateway is configured as. */
export const ROUTERS: Readonly<Record<string, readonly [RouterSettings, RouterSettings]>> = {
  vrrp0: [
    { priority: 150, preempt: true },
    { priority: 100, preempt: true },
  ],
  vrrp1: [
    { priority: 100, preempt: false },
    { priority: 150, preempt: false },
  ],
};

/** Two hosts with a daemon each. Their cards lan0 are on one wire, on which VRRP routers send adverts. */
export class Pair {
  readonly worlds: readonly [World, World];
  readonly routers: ReadonlyMap<string, VirtualRouter>;
  /** Whether the wire between the gateways is whole. */
  isWhole = true;
  /** The gateway whose daemon does not run at the moment. */
  asleep: Gateway | null = null;

  /**
   * @param heard hears each line of the logs
   * @param wrap replaces the calls of the kernel of a gateway
   */
  constructor(
    heard: (gateway: Gateway, line: string) => void,
    wrap: (gateway: Gateway, libc: Libc) => Libc = (_, libc) => libc,
  ) {
    const worldOf = (gateway: Gateway) =>
      new World(
        (line) => heard(gateway, line),
        (libc) => wrap(gateway, libc),
      );
    this.worlds = [worldOf(0), worldOf(1)];
    this.routers = new Map(
      Object.entries(ROUTERS).map(([name, settings]) => [
        name,
        new VirtualRouter(settings, {
          isUsable: (gateway) => this.isUsable(gateway === 0 ? 0 : 1, name),
          isConnected: () => this.isWhole,
        }),
      ]),
    );
  }

  /** The time, which is the same on both hosts. */
  get now(): number {
    return Math.min(...this.worlds.map(({ loop }) => loop.now()));
  }

  /** Whether a router can send on an interface of a gateway. */
  isUsable(gateway: Gateway, name: string): boolean {
    const world = this.worlds[gateway];
    return world.isUp(name) === true && world.kernel.link(name).carrier;
  }

  /** Does what can be done at this moment, on both hosts where no daemon is asleep. */
  async settle(): Promise<void> {
    for (const gateway of GATEWAYS) {
      if (gateway !== this.asleep) {
        await this.worlds[gateway].settle();
      }
    }
    for (const router of this.routers.values()) {
      router.advance(this.now);
    }
  }

  /** A number that is another one after a daemon or a router has done something that a judge may have to see. */
  get #changes(): number {
    const [one, other] = this.worlds;
    return [...this.routers.values()].reduce(
      (sum, { changes }) => sum + changes,
      one.changes + other.changes,
    );
  }

  /** Lets time pass, at most until a daemon or a router does something. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    const changes = this.#changes;
    await this.settle();
    while (this.now < end && this.#changes === changes) {
      const at = Math.max(this.now, Math.min(end, this.#due));
      for (const gateway of GATEWAYS) {
        const { time } = this.worlds[gateway];
        if (this.asleep === gateway) {
          time.pass(Math.max(0, at - time.now()));
        } else {
          this.worlds[gateway].step(at);
        }
      }
      await this.settle();
    }
  }

  get #due(): number {
    const hosts = GATEWAYS.map((gateway) => {
      const { time, loop } = this.worlds[gateway];
      return this.asleep === gateway ? time.due : loop.due;
    });
    const routers = [...this.routers.values()].map(({ due }) => due);
    return Math.min(...hosts.map((due) => due ?? Number.POSITIVE_INFINITY), ...routers);
  }

  /** The daemon that is asleep runs again, and all its timers that are due. */
  wake(): void {
    if (this.asleep !== null) {
      this.worlds[this.asleep].wake();
    }
    this.asleep = null;
  }
}
