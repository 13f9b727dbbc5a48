import { type Death, deaths, runLab } from '@ifdepd/paths';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

/** Why a death cannot be made here; null where it can. */
const faultOf = ({ fault }: Death) => fault?.() ?? null;

const made = deaths.filter((death) => faultOf(death) === null);

/** A share of lost packets is seen after some dozen probes, at random: the lab takes that long, and this test does not. */
const LOSSY = 4;

// The lab waits for each source no longer than it may take, which is three intervals on a quiet machine. All of its waits together
// may last longer than the 30 s of a usual test.
test('each path that dies is noticed within three intervals, comes back, and is never held for dead before', async () => {
  const some = made.filter(({ number }) => number !== LOSSY);
  const report = await runLab({ program, deaths: some, everyMs: 1000, rounds: 1, quietMs: 2000 });
  expect(report.falseAlarms).toEqual([]);
  expect(report.rows.length).toBeGreaterThan(0);
  for (const { death, source, noticedMs } of report.rows) {
    expect(noticedMs, `${death.name}: ${source.name}`).toEqual([expect.any(Number)]);
  }
}, 300_000);

test('this kernel can make the deaths of links, neighbours, addresses and services', () => {
  expect(made.map(({ number }) => number)).toEqual(expect.arrayContaining([1, 2, 5, 12]));
});

test.for(deaths)('this machine can make the death: $name', (death, { skip }) => {
  const fault = faultOf(death);
  skip(fault !== null, fault ?? '');
  expect(made).toContain(death);
});
