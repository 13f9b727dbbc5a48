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
