// Every call of node:fs on the files of a daemon fails with each of several errnos. What was wrong, as JSON.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { loadLibc } from '@ifdepd/libc';
import { ipBatch } from '@ifdepd/netlab';
import { Faults, newFolder, type Period, play, type Scenario } from '../support/fault-sweep.ts';

const CALLS = [
  'openSync',
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
  'write',
  'writeFile',
  'open',
  'stat',
  'watch',
] as const;
const ERRNOS = ['EIO', 'ENOSPC', 'EMFILE', 'EACCES', 'EROFS'];
const PERIODS: readonly Period[] = ['first', 'later', 'for a while'];

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

const scenarios: Scenario[] = [];
for (const call of CALLS) {
  const faulty = new Map<string, { readonly scenario: Scenario; readonly errno: string }>();
  byCall.set(call, faulty);
  for (const errno of ERRNOS) {
    for (const period of PERIODS) {
      const number = scenarios.length;
      const scenario: Scenario = {
        name: `${call} ${errno}, ${period}`,
        period,
        source: `s${number}`,
        destination: `d${number}`,
        faults: new Faults(),
        libc: loadLibc(),
        folder: newFolder(),
      };
      scenarios.push(scenario);
      all.set(scenario.folder, scenario);
      faulty.set(scenario.folder, { scenario, errno });
    }
  }
}
syncBuiltinESMExports();

const wrong: string[] = [];
let played = 0;
process.on('exit', () => original.writeSync(1, JSON.stringify({ played, wrong })));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    wrong.push(`${event}: ${error instanceof Error ? error.stack : error}`),
  );
}
ipBatch(
  scenarios.flatMap(({ source, destination }) => [
    `link add ${source} type veth peer name ${source}x`,
    `link set ${source}x up`,
    `link set ${source} up`,
    `link add ${destination} type veth peer name ${destination}x`,
    `link set ${destination} up`,
  ]),
);
// Not all at once: each daemon hears of the interfaces of all others.
const AT_ONCE = 120;
for (let next = 0; next < scenarios.length; next += AT_ONCE) {
  const some = scenarios.slice(next, next + AT_ONCE).map(async (scenario) => {
    const fault = await play(scenario);
    if (fault !== null) {
      wrong.push(`${scenario.name}: ${fault}`);
    }
  });
  await Promise.all(some);
}
for (const [call, faulty] of byCall) {
  if (![...faulty.values()].some(({ scenario }) => scenario.faults.failed > 0)) {
    wrong.push(`${call} was never called on a file of a daemon: nothing was tried`);
  }
}
played = scenarios.length;
process.exit(0);
