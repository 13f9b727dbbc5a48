/** net/net_kev.h: the codes of the data-link class. */
export const KEV_DL_SIFFLAGS = 1;
export const KEV_DL_IF_ATTACHED = 9;
export const KEV_DL_IF_DETACHED = 11;
export const KEV_DL_LINK_OFF = 12;
export const KEV_DL_LINK_ON = 13;

/** net/net_kev.h: the subclasses of events of links and of addresses. */
export const KEV_INET_SUBCLASS = 1;
export const KEV_DL_SUBCLASS = 2;

/** net/net_kev.h: a code of the internet subclass. Among events of links the number is another event. */
export const KEV_INET_NEW_ADDR = 1;

/** sys/kern_event.h: the value of a filter that accepts anything. */
const KEV_ANY = 0;

/** `struct kern_event_msg` (24 bytes) with a `struct net_event_data`: sys/kern_event.h, net/net_kev.h. */
export function kernelEvent(code: number, name: string, subclass = KEV_DL_SUBCLASS): Uint8Array {
  const [, text = '', unit = '0'] = /^(.*?)(\d*)$/.exec(name) ?? [];
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  // The vendor is Apple, and the class is network.
  for (const [at, value] of [
    [0, 48],
    [4, 1],
    [8, 1],
    [12, subclass],
    [20, code],
    [24, 2],
    [28, Number(unit)],
  ] as const) {
    view.setUint32(at, value, true);
  }
  bytes.set(new TextEncoder().encode(text), 32);
  return bytes;
}

/** Whether an event passes a `struct kev_request`: vendor, class and subclass must each match or be any. */
export function passes(request: Uint8Array, event: Uint8Array): boolean {
  const wanted = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const has = new DataView(event.buffer, event.byteOffset, event.byteLength);
  return [0, 4, 8].every((at) => {
    const number = wanted.getUint32(at, true);
    return number === KEV_ANY || number === has.getUint32(at + 4, true);
  });
}
