import type { DestinationDriver, Weighed } from './driver.ts';
import { fileFault } from './file.ts';
import { textFile } from './text-file.ts';

/** Bytes: more than the digits of any sum of weights. */
const LONGEST = 32;

/** The number that a file has to hold, and what the group wants of its destinations. */
export interface WantedNumber {
  readonly number: number;
  readonly side: 'up' | 'down';
}

/**
 * A file that holds the weight of a group: a track_file of keepalived, which multiplies the number with a weight of its own.
 *
 * The number follows the sources, also below the threshold of the group. While the group waits to come up (a delay, dampening, a
 * latch) it does not rise; a drained group writes 0. It stays as it is while the group has no opinion and while not enough is
 * known. It is up or down as its group wants, once it holds the number.
 */
export function weightDestination(path: string): DestinationDriver {
  const { content, write } = textFile(path, LONGEST);
  let wanted: WantedNumber | null = null;
  /** What was written last, or found to be there. */
  let written: WantedNumber | null = null;

  function number(): number | null {
    const text = String(content());
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  }

  /** What to write, also where no group is asked any more: at the end of the daemon. */
  function numberFor(to: 'up' | 'down'): number {
    if (wanted?.side === to) {
      return wanted.number;
    }
    return to === 'down' ? 0 : (number() ?? 0);
  }

  return {
    read: () => (written !== null && number() === written.number ? written.side : 'unknown'),
    weigh(group) {
      wanted = wantedNumber(group, written?.number ?? number() ?? 0) ?? wanted;
      return wanted !== null && (wanted.number !== written?.number || wanted.side !== written.side);
    },
    set(to, before) {
      const next = numberFor(to);
      const changed = number() !== next;
      if (changed) {
        before?.();
        write(`${next}\n`);
      }
      written = { number: next, side: to };
      return { changed, is: to };
    },
    number,
    note() {
      const held = number();
      return held === null
        ? `holds no number: ${fileFault(path) ?? 'it is written when the group has an opinion'}`
        : `holds ${held}, the weight of its group`;
    },
  };
}

/**
 * What a file has to hold; null where it stays as it is.
 *
 * @param held what it holds now; 0 for no number
 */
export function wantedNumber({ phase, requirement, weight }: Weighed, held: number): WantedNumber | null {
  if (phase === 'drained') {
    return { number: 0, side: 'down' };
  }
  if (phase === 'starting' || phase === 'paused' || requirement === 'unknown') {
    return null;
  }
  const side = phase === 'up' || phase === 'going-down' ? 'up' : 'down';
  const waits = side === 'down' && requirement === 'active';
  return { side, number: waits ? Math.min(weight, held) : weight };
}
