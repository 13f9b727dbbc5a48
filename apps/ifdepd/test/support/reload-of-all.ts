import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import { followChecks, type Running } from '../../src/service/running.ts';
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

/** Interfaces: an old and a new source, a removed, a kept and an added destination. */
function namesOf({ number, folder }: Scenario) {
  const [old, fresh, removed, kept, added] = [...'stdkn'].map((letter) => `${letter}${number}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { old, fresh, removed, kept, added, track: join(folder, 'track') };
}

/** Two configurations that have nothing in common but a destination and a file. */
function configsOf(scenario: Scenario) {
  const { old, fresh, removed, kept, added, track } = namesOf(scenario);
  const file = { file: track, up: '0', down: '1' };
  const check = (name: string) => ({ file: join(scenario.folder, name), 'active-when': 'missing' });
  const before = {
    checks: { c: check('maintenance') },
    groups: {
      g: {
        require: { all: [old, { check: 'c' }] },
        destinations: [removed, kept, file],
        'on-exit': 'up',
      },
    },
  };
  const after = {
    checks: { b: check('service') },
    hooks: [{ on: ['up'], exec: ['/bin/true'] }],
    groups: {
      h: { require: { all: [fresh, { check: 'b' }] }, destinations: [kept, file] },
      i: { sources: [fresh], destinations: [added] },
    },
  };
  return { before: JSON.stringify(before), after: JSON.stringify(after) };
}

/** Calls fail during a reload that replaces groups, sources, destinations, checks and hooks, or soon afterwards. */
export const reloadOfAll: Kind = {
  atOnce: 50,
  all: process.env['IFDEPD_TEST_SWEEP'] === 'all',
  periods: [...[0, 1, 3, 9].map((passed) => ['first', passed] as const), ['for a while', 0]],
  // The folders are there, and were read at the start.
  without: ['mkdirSync', 'readFileSync', 'readdirSync'],
  interfacesOf(scenario) {
    const { track, ...names } = namesOf(scenario);
    return Object.values(names);
  },
  async toEnd(scenario) {
    const { libc, folder, places, faults, period } = scenario;
    const { old, fresh, removed, kept, added, track } = namesOf(scenario);
    const { before, after } = configsOf(scenario);
    const file = join(folder, 'ifdepd.conf');
    const are = (state: 'up' | 'down', names: readonly string[]) =>
      until(
        `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${state}`,
        () =>
          names.every((name) => isUp(name) === (state === 'up')) &&
          readFileSync(track, 'utf8').trim() === (state === 'up' ? '0' : '1'),
      );
    const groupsAre = (running: Running, groups: string) => {
      const is = running.daemon.status.groups.map(({ name }) => name).join(' ');
      const written = Object.keys(running.settings.policy.groups).join(' ');
      if (is !== groups || written !== groups) {
        throw new Error(`groups are ${is}, settings have ${written}, not ${groups}`);
      }
    };
    const prepared = await prepareDaemon(parseSettings(before, file), { libc, ...places });
    try {
      const running = await prepared.start();
      await followChecks(running);
      setAdmin(old, 'down');
      await are('down', [removed, kept]);
      writeFileSync(file, after, { mode: 0o600 });
      faults.left = period === 'for a while' ? Number.POSITIVE_INFINITY : 1;
      const refused = await reload(running);
      if (period === 'for a while') {
        await pause(A_WHILE_MS);
        tooMany(faults);
        faults.left = 0;
      }
      if (refused !== null) {
        faults.left = 0;
        groupsAre(running, 'g');
        for (const to of ['up', 'down'] as const) {
          setAdmin(old, to);
          await are(to, [removed, kept]);
        }
        const again = await reload(running);
        if (again !== null) {
          throw new Error(`the reload after the fault is refused: ${again.message}`);
        }
      }
      groupsAre(running, 'h i');
      await are('up', [removed, kept, added]);
      for (const to of ['down', 'up'] as const) {
        setAdmin(fresh, to);
        await are(to, [kept, added]);
      }
      if (!isUp(removed)) {
        throw new Error(`${removed} is set although no group names it`);
      }
      await prepared.stop('its owner');
    } finally {
      // A call that was not made so far fails at the stop.
      await prepared.close();
    }
  },
};
