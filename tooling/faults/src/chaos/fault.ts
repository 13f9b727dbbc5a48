import type { World } from './world.ts';

/** One fault, by its line in the table of faults. */
export interface Fault {
  readonly id: string;
  readonly name: string;
  /** Its weight in the random choice. */
  readonly weight: number;
  /** True if it affects the whole machine: only injected if requested by its id. */
  readonly machineWide?: boolean;
  /** Injects it. It may return before the daemon has noticed. */
  inject(world: World): Promise<void>;
}
