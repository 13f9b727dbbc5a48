/** How many times slower than a real processor this one is that runs the tests, because it is emulated. Default: 1. */
export const EMULATED: number;

/**
 * A limit for what should happen soon, which a busy machine does not break. `quietMs` pass as time does while every
 * process has a processor; where three processes share one, three times as slowly; and `wallMs` end it in any case.
 *
 * @returns whether it is over; to be asked several times a second
 */
export function patience(quietMs: number, wallMs: number): () => boolean;
