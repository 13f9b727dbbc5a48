import type { CallFault } from './faulty-libc.ts';

/** One thing that happens to a host, and how long after the one before it. */
export type Operation = { readonly afterMs: number } & (
  | { readonly do: 'stop' | 'kill' | 'start' }
  /** A cable, now or later: then also while a call takes time, or the daemon is asleep. */
  | { readonly do: 'cable'; readonly name: string; readonly to: 'up' | 'down'; readonly inMs?: number }
  /** The kernel has something to say of an interface again and again, which matters to nobody: from now or later on, at once or each so often. */
  | {
      readonly do: 'chatter';
      readonly name: string;
      readonly messages: number;
      readonly inMs?: number;
      readonly everyMs?: number;
    }
  /** Another program sets an interface. */
  | { readonly do: 'admin'; readonly name: string; readonly to: 'up' | 'down' }
  /** A card is unplugged, and plugged in again later. */
  | { readonly do: 'unplug' | 'plug'; readonly name: string }
  /** An interface gets another name, or its own name again. */
  | { readonly do: 'rename'; readonly name: string }
  /** A destination is removed and made anew. */
  | { readonly do: 'remake'; readonly name: string }
  /** Another network namespace has an event: link_watch waits for a second. */
  | { readonly do: 'close-window' }
  /** The daemon does not run for some time. */
  | { readonly do: 'suspend'; readonly ms: number }
  | { readonly do: 'set-wall-clock'; readonly byMs: number }
  /** An operator commands a group, now or later: then also while the daemon does something else. */
  | {
      readonly do: 'pause' | 'down';
      readonly group: string;
      readonly forMs: number | null;
      readonly inMs?: number;
    }
  | { readonly do: 'resume' | 'up'; readonly group: string; readonly inMs?: number }
  | { readonly do: 'reload'; readonly config: number }
  /** The daemon that runs, or the next one, is killed before it makes a call of the kernel or the disk, after so many. */
  | { readonly do: 'crash'; readonly calls: number }
  /** The host loses its power and starts again. Of each file that part is left that was not written at the last time. */
  | { readonly do: 'cut-power'; readonly part: number }
  /** So many calls that change the disk fail, after some that succeed. */
  | { readonly do: 'fail-disk'; readonly errno: string; readonly times: number; readonly skip?: number }
  /** A call fails with an errno. */
  | ({ readonly do: 'fail'; readonly call: string } & CallFault)
  /** Each call of a name takes so many milliseconds, for so long. */
  | { readonly do: 'slow'; readonly call: string; readonly ms: number; readonly forMs: number }
  /** The kernel has no memory for large parts of lists. */
  | { readonly do: 'scarce-memory'; readonly forMs: number }
  /** All calls succeed again. */
  | { readonly do: 'heal' }
);

/** The kinds of operations that make up faults, beside cables that are pulled: words for `--faults`. */
export const FAULTS = ['others', 'cards', 'clock', 'operator', 'process', 'calls', 'disk'] as const;
export type Fault = (typeof FAULTS)[number];
