import { decodeText, SystemError } from '@ifdepd/libc';
import type { CarpAbi, CarpNodesLayout } from './abi/carp-abi.ts';
import type { Control } from './control.ts';
import type { Carp, CarpNode, CarpState, SetAdvskew } from './netif.ts';
import { parseVhidName } from './vhid-name.ts';

/** The part of {@link NetIf} for carp(4). */
export interface CarpControl {
  carp(name: string): Carp | null;
  setAdvskew(name: string, advskew: number): SetAdvskew;
}

/** netinet/ip_carp.h: enum { INIT = 0, BACKUP, MASTER }, on every system. */
const states: readonly CarpState[] = ['init', 'backup', 'master'];

/** Reads and sets carp by the table of the system. Without carp in the table, a read returns null and a write fails with ENOSYS. */
export function carpControl(control: Control): CarpControl {
  const { carp: abi } = control.abi;
  let request: CarpRequest | undefined;

  return {
    carp(name) {
      if (abi === null) {
        return null;
      }
      request ??= new CarpRequest(control, abi);
      return request.read(name);
    },
    setAdvskew(name, advskew) {
      if (abi === null || abi.SIOCSVH === null) {
        throw control.error(-control.libc.target.errnoOf.ENOSYS, 'SIOCSVH', name);
      }
      request ??= new CarpRequest(control, abi);
      return request.setAdvskew(name, advskew, abi.SIOCSVH);
    },
  };
}

/** The `struct ifreq` that points to a `struct carpreq`, reused for every call. */
class CarpRequest {
  readonly #control: Control;
  readonly #abi: CarpAbi;
  readonly #block: { readonly bytes: Uint8Array; readonly address: bigint };
  readonly #view: DataView;

  constructor(control: Control, abi: CarpAbi) {
    this.#control = control;
    this.#abi = abi;
    this.#block = control.libc.pin(abi.carpreq.size);
    const { bytes } = this.#block;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(name: string): Carp | null {
    if (!this.#address(name, 'SIOCGVH')) {
      return null;
    }
    const result = this.#control.ioctl(this.#abi.SIOCGVH);
    if (result < 0) {
      const error = this.#control.error(result, 'SIOCGVH', name);
      if (this.#abi.noCarp.includes(error.code)) {
        return null;
      }
      throw error;
    }
    const { carpr_advbase, carpr_carpdev } = this.#abi.carpreq;
    const nodes = this.#nodes(this.#abi.carpreq.nodes);
    const best = Math.max(0, ...nodes.map(({ state }) => states.indexOf(state)));
    return {
      state: states[best] ?? 'init',
      nodes,
      advbase: this.#view.getInt32(carpr_advbase, true),
      parent: carpr_carpdev === null ? (parseVhidName(name)?.parent ?? null) : this.#text(carpr_carpdev),
    };
  }

  setAdvskew(name: string, advskew: number, SIOCSVH: number): SetAdvskew {
    const carp = this.read(name);
    const before = carp?.nodes[0]?.advskew;
    if (carp === null || before === undefined) {
      throw this.#noSuchVhid(name);
    }
    if (before === advskew) {
      return { changed: false, before, after: before };
    }
    // The kernel keeps a field that is zero: advbase, the key, and the state. A state here would be an order to enter it.
    this.#address(name, 'SIOCSVH');
    this.#view.setInt32(this.#abi.carpreq.nodes.carpr_advskew, advskew, true);
    this.#control.must({ name: 'SIOCSVH', request: SIOCSVH }, name);
    return { changed: true, before, after: this.read(name)?.nodes[0]?.advskew ?? before };
  }

  /** Clears both structures and writes the name and the vhid. False when no carp can have this name. */
  #address(name: string, request: string): boolean {
    const { nodes, carpr_count } = this.#abi.carpreq;
    this.#block.bytes.fill(0);
    let subject = name;
    if (this.#abi.on === 'vhid-of-parent') {
      const named = parseVhidName(name);
      if (named === null) {
        return false;
      }
      this.#view.setInt32(nodes.carpr_vhid, named.vhid, true);
      subject = named.parent;
    }
    if (carpr_count !== null) {
      this.#view.setInt32(carpr_count, 1, true);
    }
    this.#control.address(subject, request);
    this.#control.ifreq.data = this.#block.address;
    return true;
  }

  #nodes(layout: CarpNodesLayout): CarpNode[] {
    const found: CarpNode[] = [];
    for (let position = 0; position < layout.count; position += 1) {
      const element = (offset: number) => {
        const at = offset + position * layout.width;
        return layout.width === 1 ? this.#view.getUint8(at) : this.#view.getInt32(at, true);
      };
      const vhid = element(layout.carpr_vhid);
      // Zero ends an array. A carp without a vhid has zero or −1.
      if (vhid <= 0) {
        break;
      }
      const state = states[element(layout.carpr_state)] ?? 'init';
      found.push({ vhid, state, advskew: element(layout.carpr_advskew) });
    }
    return found;
  }

  #text(offset: number): string {
    const field = this.#block.bytes.subarray(offset, offset + this.#control.abi.ifreq.IFNAMSIZ);
    const end = field.indexOf(0);
    return decodeText(end < 0 ? field : field.subarray(0, end));
  }

  #noSuchVhid(name: string): SystemError {
    const { target } = this.#control.libc;
    return new SystemError(target, target.errnoOf[this.#control.abi.noSuchInterface], 'ioctl SIOCGVH', name);
  }
}
