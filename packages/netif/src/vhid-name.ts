import { text } from '@ifdepd/libc';

/** A vhid of carp(4) on its parent interface (FreeBSD 10 and later). */
export interface VhidName {
  /** 1 to 255. */
  readonly vhid: number;
  /** The interface that the vhid belongs to. */
  readonly parent: string;
}

/**
 * Parses `1@em0`; null when a name does not have this form.
 *
 * @example
 * ```ts
 * import { parseVhidName } from '@ifdepd/netif';
 *
 * console.log(parseVhidName('1@em0')?.parent, parseVhidName('em0')); // em0 null
 * ```
 */
export function parseVhidName(name: string): VhidName | null {
  text('parseVhidName: name', name);
  const [, digits = '', parent = ''] = /^([1-9]\d{0,2})@(.+)$/.exec(name) ?? [];
  const vhid = Number(digits);
  return vhid >= 1 && vhid <= 255 ? { vhid, parent } : null;
}
