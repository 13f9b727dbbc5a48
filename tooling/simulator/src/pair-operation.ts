import type { Random } from '@ifdepd/faults';
import { scene } from './generate.ts';
import { GATEWAYS, type Gateway } from './host.ts';
import { FAULTS, type Fault, type Operation } from './operation.ts';
import { gapMs } from './single-operations.ts';

/** One thing that happens to one of two gateways, or to the wire between them. */
export type PairOperation =
  | (Operation & { readonly on: Gateway })
  | { readonly afterMs: number; readonly do: 'wire'; readonly to: 'up' | 'down' };

/** Operations without an end, which a seed determines. A few concern the wire between the gateways, and the cables to it. */
export function* pairOperations(random: Random, faults: readonly Fault[] = FAULTS): Generator<PairOperation> {
  for (;;) {
    const to = random.pick(['up', 'up', 'down'] as const);
    const on = random.pick(GATEWAYS);
    switch (random.below(20)) {
      case 0:
        yield { afterMs: gapMs(random), do: 'wire', to };
        break;
      case 1:
        yield { afterMs: gapMs(random), do: 'cable', name: 'lan0', to, on };
        break;
      default:
        for (const one of scene(random, faults)) {
          yield { ...one, on };
        }
    }
  }
}
