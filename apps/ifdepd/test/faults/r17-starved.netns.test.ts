import { readFileSync } from 'node:fs';
import { busyLoops } from '@ifdepd/faults';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

// How late it is then is measured by `npm run chaos -- --reaction`, and reported in docs/reliability.md.
test('a daemon beside a busy loop on every core follows its source', async () => {
  using lab = host('em0', 'carp0');
  await using _running = await daemon(['-S', 'em0', '-D', 'carp0']);
  await using _loops = busyLoops();
  for (let round = 0; round < 20; round += 1) {
    const to = round % 2 === 0 ? 'down' : 'up';
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
  }
});

test('the unit keeps it before others when processors or memory run short', () => {
  const unit = readFileSync(new URL('../../service/systemd/ifdepd.service', import.meta.url), 'utf8');
  expect(Number(/^Nice=(-?\d+)$/m.exec(unit)?.[1])).toBeLessThan(0);
  expect(Number(/^OOMScoreAdjust=(-?\d+)$/m.exec(unit)?.[1])).toBeLessThan(-500);
});
