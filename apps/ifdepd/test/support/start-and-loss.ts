import { join } from 'node:path';
import { openDaemon, parseSettings } from '../../src/index.ts';
import {
  A_WHILE_MS,
  isUp,
  type Kind,
  pause,
  type Scenario,
  setAdmin,
  tooMany,
  until,
} from './fault-sweep.ts';

/** Calls fail during the start of a daemon, or from the loss of a source on. */
export const startAndLoss: Kind = {
  atOnce: 130,
  all: true,
  periods: [
    ['first', 0],
    ['later', 0],
    ['for a while', 0],
  ],
  without: [],
  interfacesOf: ({ number }) => [`s${number}`, `d${number}`],
  async toEnd(scenario) {
    const { number, period, faults } = scenario;
    const [source, destination] = [`s${number}`, `d${number}`];
    // Files of an earlier daemon are there.
    await (await open(scenario)).abandon();
    if (period === 'first') {
      faults.left = 1;
    }
    const daemon = await started(scenario);
    if (period !== 'first') {
      faults.left = period === 'later' ? 1 : Number.POSITIVE_INFINITY;
    }
    setAdmin(source, 'down');
    if (period === 'for a while') {
      await pause(A_WHILE_MS);
      tooMany(faults);
      faults.left = 0;
    }
    await until(`${destination} is down`, () => !isUp(destination));
    setAdmin(source, 'up');
    await until(`${destination} is up`, () => isUp(destination));
    // A call that was not made so far fails at the stop.
    await daemon.stop();
  },
};

/** A start may be refused, in words, as long as the fault lasts. */
async function started(scenario: Scenario): ReturnType<typeof openDaemon> {
  try {
    return await open(scenario);
  } catch (error) {
    if (scenario.faults.failed === 0 || !(error instanceof Error) || !/Exit|System/.test(error.name)) {
      throw error;
    }
    scenario.faults.left = 0;
    return await open(scenario);
  }
}

function open({ number, libc, folder, places }: Scenario): ReturnType<typeof openDaemon> {
  const config = {
    groups: {
      g: {
        require: { all: [`s${number}`, { check: 'c' }] },
        destinations: [`d${number}`, { file: join(folder, 'track'), up: '0', down: '1' }],
      },
    },
    checks: { c: { file: join(folder, 'maintenance'), 'active-when': 'missing' } },
  };
  return openDaemon(parseSettings(JSON.stringify(config), join(folder, 'ifdepd.conf')), { libc, ...places });
}
