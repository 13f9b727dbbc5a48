import type { Random } from '@ifdepd/faults';
import { FAULTS, type Fault, type Operation } from './operation.ts';
import { SCENES } from './scenes.ts';
import { cable, gapMs, quietMs, reload, SINGLE } from './single-operations.ts';

/** What happens next: one operation, most often on a cable, or several that concern each other. */
export function scene(random: Random, faults: readonly Fault[]): readonly Operation[] {
  const fault = faults.length === 0 || random.chance(0.4) ? null : random.pick(faults);
  if (random.chance(0.3)) {
    const operations = SCENES[fault ?? 'cables'](random);
    return random.chance(0.3) ? [...operations, { afterMs: quietMs(random), ...cable(random) }] : operations;
  }
  return [{ afterMs: gapMs(random), ...(fault === null ? cable(random) : SINGLE[fault](random)) }];
}

/** Operations without an end, which a seed determines. */
export function* operations(random: Random, faults: readonly Fault[] = FAULTS): Generator<Operation> {
  if (faults.includes('operator')) {
    yield { afterMs: 0, ...reload(random) };
  }
  for (;;) {
    yield* scene(random, faults);
  }
}
