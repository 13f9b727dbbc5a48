import type { DownRequest } from '@ifdepd/netif/linux';

/** A source that is an interface. */
export interface PlannedSource {
  readonly id: string;
  /** Of the interface. */
  readonly index: number;
}

/** A destination that the kernel can set. */
export interface PlannedDestination extends DownRequest {
  readonly id: string;
  /** Its index when this was planned; undefined where it was not there. */
  readonly index: number | undefined;
  /** Whether that has to be recorded before. */
  readonly isRecorded: boolean;
  /** Of one that is to be set up: the indices of the sources behind it, of which nothing must be heard. Default: none. */
  readonly behind?: readonly number[];
}

/** Which destinations are set when any of some sources is lost, or is repaired. */
export interface Plan {
  readonly sources: readonly PlannedSource[];
  readonly destinations: readonly PlannedDestination[];
}

/** Sources in a row without a place in a plan, after which no further one is predicted: each costs as much as a decision. */
const MOST_LEFT_OUT = 16;

/**
 * Makes one plan for all sources whose loss, or repair, has the same consequences. Sources with none are left out.
 *
 * @param predict what would be set at once if this happened to a source, in order
 * @param most plans at most; the daemon itself acts on the others
 */
export function plansFor(
  sources: readonly PlannedSource[],
  predict: (source: string) => readonly PlannedDestination[],
  most: number,
): readonly Plan[] {
  const plans = new Map<string, { sources: PlannedSource[]; destinations: readonly PlannedDestination[] }>();
  let leftOut = 0;
  for (const source of sources) {
    const destinations = predict(source.id);
    const key = JSON.stringify(destinations);
    const plan = plans.get(key);
    if (plan !== undefined) {
      plan.sources.push(source);
      leftOut = 0;
    } else if (plans.size < most) {
      if (destinations.length > 0) {
        plans.set(key, { sources: [source], destinations });
      }
    } else if (++leftOut === MOST_LEFT_OUT) {
      break;
    }
  }
  return [...plans.values()];
}
