// Measures in the guest how long the installed daemon and the C floor take, one block after the other, so that other load on
// the machine falls on both: prints microseconds as JSON.
//
//   node reaction.mjs FOLDER BLOCKS     FOLDER with the programs floor and stopwatch
import { join } from 'node:path';
import { type Candidate, type Course, type Reactions, reactions } from '@ifdepd/bench/reaction';

const [folder = '', blocks = ''] = process.argv.slice(2);
const programs = { floor: join(folder, 'floor'), stopwatch: join(folder, 'stopwatch') };
Object.assign(process.env, { RUNTIME_DIRECTORY: folder, STATE_DIRECTORY: folder });

const candidates: readonly Candidate[] = [
  { name: 'floor', command: [programs.floor, 'em0', 'carp0'], ready: /^ready$/ },
  { name: 'ifdepd', command: ['ifdepd', '-v', '-S', 'em0', '-D', 'carp0'], ready: /: ready: / },
];

/** The work of the benchmark's P1, with pauses long enough that an emulated system is quiet before each cut. */
const course: Course = { cable: 'veth', cuts: 10, gap: () => 500 };

const measured: Record<string, Reactions[]> = { floor: [], ifdepd: [] };
for (let block = 0; block < Number(blocks); block += 1) {
  for (const candidate of candidates) {
    measured[candidate.name]?.push(await reactions(candidate, course, programs));
  }
}
process.stdout.write(JSON.stringify(measured));
