import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Health } from '@ifdepd/policy';

interface Entry {
  readonly index: number | null;
  /** How often the carrier was gone by the last reading; null where the kernel does not count it. */
  readonly count: number | null;
  /** Losses that the policy was fed, and that are yet to be counted. */
  ahead: number;
}

/**
 * Counts the losses of sources that were over before they were looked at: by the kernel's counters of carriers (Linux 4.16), or
 * by the messages, where those report more or nothing is counted.
 */
export function sourceLosses() {
  const entries = new Map<string, Entry>();

  return {
    /**
     * How many losses of a source a reading does not show: neither the one before it nor this one shows them.
     *
     * @param link what the messages say of it; undefined where it is gone, or is no interface
     * @param reported how many losses messages have reported since the last reading
     * @param before what the reading before this one said; undefined for the first
     */
    hidden(
      id: string,
      link: LinkRecord | undefined,
      reported: number,
      before: Health | undefined,
      health: Health,
    ): number {
      const entry = entries.get(id);
      const [index, count] = [link?.index ?? null, link?.carrierDownCount ?? null];
      const counted =
        count !== null && entry?.index === index && entry.count !== null ? count - entry.count : 0;
      const losses = Math.max(0, counted, reported);
      const ahead = entry?.ahead ?? 0;
      entries.set(id, { index, count, ahead: Math.max(0, ahead - losses) });
      if (before === undefined || before === 'unknown') {
        return 0;
      }
      const shown = before === 'active' && health === 'failed' ? 1 : 0;
      return Math.max(0, losses - ahead - shown);
    },
    /** The policy was fed a loss that no message has reported yet. */
    fedAhead(id: string): void {
      const entry = entries.get(id);
      if (entry !== undefined) {
        entry.ahead += 1;
      }
    },
  };
}
