import { type Death, deaths, runLab } from '@ifdepd/paths';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

/** Why a death cannot be made here; null where it can. */
const faultOf = ({ fault }: Death) => fault?.() ?? null;

const made = deaths.filter((death) => faultOf(death) === null);

// The lab waits for each source no longer than it may take: three intervals, or one window of results, on a quiet machine.
test('each path that dies is noticed within three intervals or a window, comes back, and is never held for dead before', async () => {
  const report = await runLab({ program, deaths: made, everyMs: 1000, rounds: 1, quietMs: 2000 });
  expect(report.falseAlarms).toEqual([]);
  expect(report.rows.map(({ death }) => death.number)).toEqual(expect.arrayContaining([1, 2, 5, 12]));
  for (const { death, source, noticedMs } of report.rows) {
    expect(noticedMs, `${death.name}: ${source.name}`).toEqual([expect.any(Number)]);
  }
});

test.for(deaths)('this machine can make the death: $name', (death, { skip }) => {
  const fault = faultOf(death);
  skip(fault !== null, fault ?? '');
  expect(made).toContain(death);
});
