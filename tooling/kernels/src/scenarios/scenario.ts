import type { Lab } from '../lab/lab.ts';

/** What is tried on each kernel. */
export interface Scenario {
  readonly name: string;
  /** Modules without which a kernel cannot be tried. */
  readonly modules: readonly string[];
  /** Why QEMU's arm64 machine cannot run it. Default: it can. */
  readonly notOnArm64?: string;
  /**
   * @returns a text of a few words where the daemon has a choice: what it chose
   * @throws {Error} where the daemon was wrong
   */
  run(lab: Lab): Promise<unknown>;
}
