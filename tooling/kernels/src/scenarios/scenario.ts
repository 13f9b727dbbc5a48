import type { Lab } from '../lab/lab.ts';

/** What is tried on each kernel. */
export interface Scenario {
  readonly name: string;
  /** Modules without which a kernel cannot be tried. */
  readonly modules: readonly string[];
  /** @throws {Error} where the daemon was wrong */
  run(lab: Lab): Promise<void>;
}
