import type { RouteAbi } from '../../src/abi/route-abi.ts';

/** The sizes of `struct if_msghdr`: where a list's socket addresses begin. */
function sizeOf(abi: RouteAbi): number {
  const { base, plus } = abi.if_msghdr.addresses;
  return plus === null ? base : 168;
}

/** An RTM_IFINFO of an interface of which nothing but the number is known. */
export function emptyInfo(abi: RouteAbi, index: number): Uint8Array {
  const size = sizeOf(abi);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const { base, plus } = abi.if_msghdr.addresses;
  view.setUint16(0, size, true);
  view.setUint8(2, abi.rtm.RTM_VERSION);
  view.setUint8(3, abi.rtm.RTM_IFINFO);
  view.setUint16(abi.if_msghdr.ifm_index, index, true);
  if (plus !== null) {
    view.setUint16(plus, size - base, true);
  }
  return bytes;
}

/** An RTM_IFINFO as a list has it: with a sockaddr_dl behind it that holds the name. */
export function listed(abi: RouteAbi, info: Uint8Array, name: string): Uint8Array {
  const bytes = new Uint8Array(info.byteLength + 32);
  const text = new TextEncoder().encode(name);
  bytes.set(info);
  bytes.set([32, abi.AF_LINK, 0, 0, 6, text.byteLength, 0, 0, ...text], info.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bytes.byteLength, true);
  view.setUint32(abi.if_msghdr.ifm_addrs, 1 << abi.RTAX_IFP, true);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
