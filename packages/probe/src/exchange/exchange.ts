import type { ProbeFailure } from '../result.ts';

/** How a probe ended: with the answer, or without. */
export type Outcome = { readonly type: 'answered' } | Exclude<ProbeFailure, { readonly type: 'unanswered' }>;

/** Reports how the probe that was started last has ended, perhaps before `start` returns. Called again, it does nothing. */
export type Settle = (outcome: Outcome) => void;

/** Sends the probes of one target and waits for their answers. It has no timer. */
export interface Exchange extends Disposable {
  /** Starts a probe. The one before has settled, or was given up. */
  start(): void;
  /** Gives the outstanding probe up. The next one starts with new sockets: routes and addresses may have changed. */
  giveUp(): void;
}

/** The one outcome that every kind of exchange has. */
export const ANSWERED: Outcome = { type: 'answered' };
