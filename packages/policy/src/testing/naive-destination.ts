import type { DestinationReading, Presence } from '../events.ts';

/** What a destination can be set to. */
export type Direction = 'up' | 'down';

/** A write of the naive model. */
export interface NaiveWrite {
  readonly destination: string;
  readonly to: Direction;
}

/** A destination of the naive model. */
export interface NaiveDestination {
  is: Presence | 'unknown';
  /** A write without an answer yet. */
  flying: Direction | null;
  /** A write to make once, whatever `enforce` is. */
  owed: Direction | null;
  ours: boolean;
  error: string | null;
  failures: number;
  notBefore: number;
  /** The next write is a re-assertion. */
  fighting: boolean;
  fights: number;
  lastFight: number;
  foreign: number;
  due: number | null;
  readonly insistsDown: boolean;
  readonly insistsUp: boolean;
  readonly ownedOnly: boolean;
}

/** Applies one reading. `want`: what the groups wanted before this event. */
export function naiveRead(
  destination: NaiveDestination,
  { is, owned, slipped = false }: Omit<DestinationReading, 'id'>,
  want: Direction | 'none',
  now: number,
): void {
  const { is: was, flying, ours } = destination;
  destination.is = is;
  destination.flying = null;

  if (is !== 'down') destination.ours = false;
  else if (owned !== undefined) destination.ours = owned;
  else if (was === 'up') destination.ours = flying === 'down';
  else destination.ours = was === 'down' && ours;

  const settled = is === want;
  const gone = is === 'missing';
  const arrived = was === 'missing' && !gone;
  if (settled || gone || arrived) {
    const returned = arrived && is === 'down' && owned === true && want === 'up';
    destination.owed = arrived && want === 'down' ? 'down' : returned ? 'up' : null;
    destination.error = null;
    destination.failures = 0;
    if (arrived) {
      destination.fighting = false;
      destination.fights = 0;
      destination.notBefore = now;
    }
    return;
  }
  if (slipped && want === 'down') {
    destination.owed = 'down';
    destination.error = null;
    destination.failures = 0;
    destination.notBefore = now;
    destination.fighting = false;
    return;
  }
  const undone = flying === null && was === want;
  const refused = flying !== null && flying !== is;
  if (undone) destination.foreign += 1;
  if (!undone && !refused) return;
  if (now - destination.lastFight >= 60_000) destination.fights = 0;
  destination.fighting = true;
  destination.notBefore =
    destination.fights === 0
      ? now
      : destination.lastFight + Math.min(30_000, 1_000 * 2 ** (destination.fights - 1));
}

/** The write to make now, or null. `changed`: what a group has begun to want in this event. */
export function naiveWrite(
  destination: NaiveDestination,
  want: Direction | 'none',
  changed: Direction | null,
  now: number,
): Direction | null {
  if (changed !== null) {
    destination.owed = changed;
    destination.error = null;
    destination.failures = 0;
    destination.notBefore = now;
    destination.fighting = false;
  }
  destination.due = null;
  if (want === 'none') return null;
  if (destination.flying === null && destination.is === want) {
    destination.owed = null;
    return null;
  }
  const expected = destination.flying ?? destination.is;
  if (expected === want || expected === 'missing') return null;
  if (want === 'down') {
    if (destination.owed !== 'down' && !destination.insistsDown) return null;
  } else {
    if (expected === 'unknown') return null;
    if (destination.ownedOnly && !destination.ours && destination.flying !== 'down') return null;
    if (destination.owed !== 'up' && !destination.insistsUp) return null;
  }
  if (now < destination.notBefore) {
    destination.due = destination.notBefore;
    return null;
  }
  destination.flying = want;
  if (destination.fighting) {
    destination.fights += 1;
    destination.lastFight = now;
  }
  return want;
}
