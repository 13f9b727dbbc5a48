import type { World } from './world.ts';

/** One way of hurting a daemon, by its line in the table of faults. */
export interface Fault {
  readonly id: string;
  readonly name: string;
  /** How often it is chosen beside the others. */
  readonly weight: number;
  /** True where it touches the whole machine: only done when asked for by its id. */
  readonly machineWide?: boolean;
  /** Does it. The daemon need not have noticed when it returns. */
  inject(world: World): Promise<void>;
}
