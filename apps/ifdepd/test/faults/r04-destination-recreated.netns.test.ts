import { cable, ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

test('a destination that comes back while it is held down is set down on arrival', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0:carp1']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  ip('link', 'del', 'carp0');
  cable('carp0');
  // It appears down, and its owner raises it: whichever of the two is seen first.
  await running.line(
    /carp0: (appeared; set down \(cli: em0 failed\)|another program set it up; set down again because em0 has failed)$/,
  );
  await lab.allAre('down', ['carp0']);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0', 'carp1']);
});

test('a destination is never raised because it appeared', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0:carp1']);
  ip('link', 'del', 'carp0');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  // A later event that is followed shows that the earlier one has been seen.
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp1']);
  expect(running.lines.filter((line) => /carp0.*set up/.test(line))).toEqual([]);
  expect(lab.isUp('carp0')).toBe(false);
});
