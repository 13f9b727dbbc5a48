import { observe } from '@ifdepd/faults';
import { cable, ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

test('a source that is deleted has failed at once; back under another index, it is active again', async () => {
  using lab = host('em0', 'carp0');
  using observer = observe();
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  const indexOf = () => lab.netif.list().find(({ name }) => name === 'em0')?.index;
  const indices = [indexOf()];
  for (let round = 0; round < 3; round += 1) {
    ip('link', 'del', 'em0');
    await lab.allAre('down', ['carp0']);
    cable('em0');
    indices.push(indexOf());
    await lab.allAre('up', ['carp0']);
  }
  await running.line(/em0: .*failed \(missing\)$/);
  expect(new Set(indices).size).toBe(4);
  await observer.when(
    () => `six changes of carp0, not ${observer.flips('carp0')}`,
    () => observer.flips('carp0') >= 6,
  );
  expect(observer.flips('carp0')).toBe(6);
});
