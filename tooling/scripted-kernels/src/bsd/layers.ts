import { IFF_RUNNING, IFF_UP, type LayerHooks, type Nic } from './nic.ts';
import type { World } from './world.ts';

/** The kinds of interfaces that stand on others. */
export type ScriptedLayer = 'vlan' | 'lagg' | 'bridge';

/** net/if_types.h: IFT_L2VLAN, IFT_ETHER (of a lagg), IFT_BRIDGE. */
const types: Readonly<Record<ScriptedLayer, number>> = { vlan: 135, lagg: 6, bridge: 209 };

/**
 * FreeBSD's vlan, lagg and bridge. Their link follows the link of the interface below, and their message comes after its message. They
 * ignore that the interface below is set down. A vlan whose parent is deleted stops without a message.
 */
export class Layers implements LayerHooks {
  readonly #world: World;
  readonly #all = new Map<Nic, { readonly kind: ScriptedLayer; below: readonly Nic[] }>();

  constructor(world: World) {
    this.#world = world;
  }

  create(name: string, kind: ScriptedLayer, below: readonly string[]): void {
    const nic = this.#world.attach(name, null, { type: types[kind] });
    this.#all.set(nic, { kind, below: below.map((one) => this.#world.get(one)) });
    nic.idle = kind === 'vlan' && below.length === 0;
    this.#follow(nic);
  }

  afterLink(below: Nic): void {
    for (const [nic, layer] of this.#all) {
      if (layer.below.includes(below)) {
        this.#follow(nic);
      }
    }
  }

  gone(gone: Nic): void {
    this.#all.delete(gone);
    for (const [nic, layer] of this.#all) {
      if (!layer.below.includes(gone)) {
        continue;
      }
      layer.below = layer.below.filter((one) => one !== gone);
      if (layer.kind === 'vlan') {
        nic.idle = true;
        nic.flags &= ~IFF_RUNNING;
        nic.link = 'unknown';
      } else {
        this.#follow(nic);
      }
    }
  }

  #follow(nic: Nic): void {
    const { kind, below } = this.#all.get(nic) ?? { kind: 'vlan', below: [] };
    if (below.length > 0) {
      const good = (one: Nic) => one.link === 'up' && (kind !== 'lagg' || (one.flags & IFF_UP) !== 0);
      this.#world.link(nic, below.some(good) ? 'up' : 'down');
    }
  }
}
