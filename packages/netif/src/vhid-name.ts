/** A vhid of carp(4) by its parent, as FreeBSD has it since 10. */
export interface VhidName {
  /** 1 to 255. */
  readonly vhid: number;
  /** The interface that it belongs to. */
  readonly parent: string;
}

/** Reads `1@em0`; null where a name is not of that form. */
export function parseVhidName(name: string): VhidName | null {
  const [, digits = '', parent = ''] = /^([1-9]\d{0,2})@(.+)$/.exec(name) ?? [];
  const vhid = Number(digits);
  return vhid >= 1 && vhid <= 255 ? { vhid, parent } : null;
}
