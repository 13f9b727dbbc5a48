// Every call of node:fs on the files of a daemon fails with each of several errnos. What was wrong, as JSON.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { loadLibc } from '@ifdepd/libc';
import type { Scenario } from '../support/fault-sweep.ts';
import { Faults } from '../support/faults.ts';

const CALLS = [
  'openSync',
  'closeSync',
  'readFileSync',
  'readSync',
  'writeSync',
  'writeFileSync',
  'renameSync',
  'rmSync',
  'mkdirSync',
  'lstatSync',
  'statSync',
  'fstatSync',
  'readdirSync',
  'fchmodSync',
  'rename',
  'write',
  'writeFile',
  'stat',
  'watch',
] as const;
const ERRNOS = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES', 'EROFS'];

/** Which scenario a descriptor belongs to. */
const owners = new Map<number, Scenario>();
const byCall = new Map<string, Map<string, { readonly scenario: Scenario; readonly errno: string }>>();

/** The scenario that a path or a descriptor belongs to. */
function ownerOf(call: string, subject: unknown) {
  const scenarios = byCall.get(call);
  const folder =
    typeof subject === 'number'
      ? owners.get(subject)?.folder
      : /^.*ifdepd-sweep-\w+/.exec(String(subject))?.[0];
  return folder === undefined ? undefined : scenarios?.get(folder);
}

const all = new Map<string, Scenario>();
const original = { ...fs };
for (const call of CALLS) {
  const real = original[call] as (...words: unknown[]) => unknown;
  const failing = (...words: unknown[]): unknown => {
    const faulty = ownerOf(call, words[0]);
    if (faulty?.scenario.faults.strikes() === true) {
      if (call === 'closeSync') {
        // The descriptor is closed all the same, as Linux does.
        Reflect.apply(real, fs, words);
      }
      const error = Object.assign(new Error(`${faulty.errno}: made up, ${call} '${words[0]}'`), {
        code: faulty.errno,
      });
      const done = words.at(-1);
      if (call.endsWith('Sync') || call === 'watch' || typeof done !== 'function') {
        throw error;
      }
      setImmediate(() => done(error));
      return undefined;
    }
    const result = Reflect.apply(real, fs, words);
    if (call === 'openSync' && typeof result === 'number') {
      const folder = /^.*ifdepd-sweep-\w+/.exec(String(words[0]))?.[0] ?? '';
      const owner = all.get(folder);
      if (owner === undefined) {
        owners.delete(result);
      } else {
        owners.set(result, owner);
      }
    }
    return result;
  };
  Reflect.set(fs, call, failing);
}

syncBuiltinESMExports();
// The program takes some of these calls when it is loaded.
const { combinations, playAll, scenarioOf } = await import('../support/fault-sweep.ts');
const kind =
  process.argv[2] === 'a reload'
    ? (await import('../support/reload-of-all.ts')).reloadOfAll
    : (await import('../support/start-and-loss.ts')).startAndLoss;

const scenarios: Scenario[] = [];
for (const call of CALLS.filter((one) => !kind.without.includes(one))) {
  const faulty = new Map<string, { readonly scenario: Scenario; readonly errno: string }>();
  byCall.set(call, faulty);
  for (const { errno, period, passed } of combinations(kind, ERRNOS)) {
    const scenario = scenarioOf({
      name: `${call} ${errno}, ${period} ${passed}`,
      number: scenarios.length,
      period,
      faults: new Faults(passed),
      libc: loadLibc(),
    });
    scenarios.push(scenario);
    all.set(scenario.folder, scenario);
    faulty.set(scenario.folder, { scenario, errno });
  }
}
await playAll(kind, scenarios, () =>
  [...byCall]
    .filter(([, faulty]) => ![...faulty.values()].some(({ scenario }) => scenario.faults.failed > 0))
    .map(([call]) => `${call} was never called on a file of a daemon: nothing was tried`),
);
