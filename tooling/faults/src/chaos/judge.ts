import type { DestinationReading, PolicyConfig } from '@ifdepd/policy';
import { type NaiveModel, naiveModel } from '@ifdepd/policy/testing';
import { askStatus, type DaemonStatus } from '../ask.ts';
import type { Differences } from './agreement.ts';
import { sourcesNow } from './truth.ts';
import { destinationsOf, type World } from './world.ts';

/** Compares the daemon, the kernel and the naive model of the rules. */
export interface Judge {
  /** The differences at this moment. */
  differences(): Promise<Differences>;
}

/** Later than every delay of the rules. */
const DELAYS_OVER_MS = 1000;

/**
 * The model gets only the present state of the kernel, and enough time for every delay. Its answer is the right end state,
 * whatever happened before and in whichever order the daemon noticed it.
 */
export function judge(world: World): Judge {
  return {
    async differences() {
      const status = await askStatus(world.socket);
      const sources = sourcesNow();
      const model = ideal(world.rules, sources, world);
      const wrong: string[] = [];
      for (const id of destinationsOf(world.rules)) {
        const is = world.state(id);
        const want = model.want(id);
        const excused =
          want === 'up' && world.lowered.has(id) && model.destinations.get(id)?.insistsUp !== true;
        if (is !== 'missing' && is !== want && !(excused && is === 'down')) {
          wrong.push(`${id} is ${is} and has to be ${want}`);
        }
        const shown = status.destinations.find((one) => one.id === id);
        if (shown?.is !== is || shown.want !== want) {
          wrong.push(`${id} is ${is}, wanted ${want}; the daemon says is ${shown?.is}, wants ${shown?.want}`);
        }
      }
      for (const { name, phase } of status.groups) {
        const right = model.groups.get(name)?.phase;
        if (phase !== right) {
          wrong.push(`group ${name} has to be ${right}, and is ${phase}`);
        }
      }
      if (wrong.length === 0) {
        // The daemon forgets which program set it down at the next change of the groups, which may have come already.
        for (const id of world.lowered) {
          if (world.state(id) === model.want(id)) {
            world.lowered.delete(id);
          }
        }
      }
      return { wrong, attemptInMs: attemptInMs(status) };
    },
  };
}

/** Milliseconds until the last attempt that a daemon has planned; null where it has planned none. */
function attemptInMs({ destinations }: DaemonStatus): number | null {
  const planned = destinations.flatMap(({ differs }) => differs?.retryAt ?? []);
  return planned.length === 0 ? null : Math.max(...planned.map((at) => Date.parse(at) - Date.now()));
}

function ideal(rules: PolicyConfig, sources: ReturnType<typeof sourcesNow>, world: World): NaiveModel {
  const model = naiveModel(rules, 0);
  const destinations = destinationsOf(rules).map((id): DestinationReading => ({ id, is: world.state(id) }));
  model.feed({ type: 'sources', complete: true, sources, destinations }, 0);
  for (let now = 0, due = model.nextDeadline(); due !== null && due <= DELAYS_OVER_MS && due > now; ) {
    now = due;
    model.feed({ type: 'tick' }, now);
    due = model.nextDeadline();
  }
  return model;
}
