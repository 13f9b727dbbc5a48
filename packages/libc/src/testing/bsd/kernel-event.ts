/** net/net_kev.h: the codes of the data-link class. */
export const KEV_DL_SIFFLAGS = 1;
export const KEV_DL_IF_ATTACHED = 9;
export const KEV_DL_IF_DETACHED = 11;
export const KEV_DL_LINK_OFF = 12;
export const KEV_DL_LINK_ON = 13;

/** `struct kern_event_msg` (24 bytes) with a `struct net_event_data`: sys/kern_event.h, net/net_kev.h. */
export function kernelEvent(code: number, name: string): Uint8Array {
  const [, text = '', unit = '0'] = /^(.*?)(\d*)$/.exec(name) ?? [];
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  // Vendor Apple, network class, data-link subclass.
  for (const [at, value] of [
    [0, 48],
    [4, 1],
    [8, 1],
    [12, 2],
    [20, code],
    [24, 2],
    [28, Number(unit)],
  ] as const) {
    view.setUint32(at, value, true);
  }
  bytes.set(new TextEncoder().encode(text), 32);
  return bytes;
}
