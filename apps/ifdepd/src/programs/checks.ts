import type { SourceReading } from '@ifdepd/policy';
import type { CheckSettings } from '../config/settings.ts';
import { execCheck } from './exec-check.ts';
import { fileCheck } from './file-check.ts';
import type { RunCommand } from './run-command.ts';

/** The checks that run. */
export type Checks = ReturnType<typeof startChecks>;

/**
 * Starts every check.
 *
 * @param settings by the id of the source that each of them is
 * @param answer what one of them has found
 * @param run runs their programs
 */
export function startChecks(
  settings: ReadonlyMap<string, CheckSettings>,
  answer: (reading: SourceReading) => void,
  run: RunCommand,
) {
  const running = new Map<string, { readonly key: string; readonly check: Disposable }>();

  /** Others from now on; those that did not change go on undisturbed. */
  function replace(next: ReadonlyMap<string, CheckSettings>): void {
    for (const [id, { key, check }] of running) {
      if (JSON.stringify(next.get(id)) !== key) {
        check[Symbol.dispose]();
        running.delete(id);
      }
    }
    for (const [id, one] of next) {
      if (!running.has(id)) {
        const check = one.kind === 'file' ? fileCheck(id, one, answer) : execCheck(id, one, answer, run);
        running.set(id, { key: JSON.stringify(one), check });
      }
    }
  }

  replace(settings);
  return {
    replace,
    [Symbol.dispose]() {
      replace(new Map());
    },
  };
}
