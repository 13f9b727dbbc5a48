/** Bytes that do not follow the format: the only error that a decoder throws. */
export class DecodeError extends Error {
  /** Where in the bytes. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`);
    this.name = 'DecodeError';
    this.offset = offset;
  }
}

/** The next multiple of four bytes: messages, attributes and structures begin there (NLMSG_ALIGNTO, NLA_ALIGNTO). */
export function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}
