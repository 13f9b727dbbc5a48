/** Collections within collections, at the most. */
export const DEEPEST = 64;

/** A document that is nested more deeply than {@link DEEPEST}. */
export class TooDeep extends Error {
  /** Characters from the beginning of the text. */
  readonly offset: number;

  constructor(offset: number) {
    super(`it is nested too deeply: there may be ${DEEPEST} levels`);
    this.name = 'TooDeep';
    this.offset = offset;
  }
}
