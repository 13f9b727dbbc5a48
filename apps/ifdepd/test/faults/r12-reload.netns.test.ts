import { observe } from '@ifdepd/faults';
import { describe, expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

const two = (more = ''): string => `groups:
  one: {sources: [em0], destinations: [carp0]}
  two: {sources: [em1], destinations: [carp1]${more}}
`;

test('a reload of a bad file: the running configuration stays in force, and the log says why', async () => {
  using lab = host('em0', 'em1', 'carp0', 'carp1');
  using file = configFile(two());
  await using running = await daemon(['-f', file.path]);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  using observer = observe();
  file.write('groups: {one: {sources: [em0], destinations: [carp0], up-dealy: 1}}');
  running.signal('SIGHUP');
  await running.line(
    /not reloaded, going on as before: .*ifdepd\.conf:1:\d+: groups\.one\.up-dealy: unknown key/,
  );
  lab.cables.em1.cut();
  await lab.allAre('down', ['carp1']);
  await observer.when(
    () => 'carp1 to be set down',
    () => observer.flips('carp1') === 1,
  );
  expect(observer.flips('carp0')).toBe(0);
});

describe('a group goes that holds a destination down', () => {
  test.each([
    ['leave', false],
    ['restore', true],
    ['up', true],
  ])('on-exit %s; what did not change does not bounce', async (onExit, up) => {
    using lab = host('em0', 'em1', 'carp0', 'carp1');
    using file = configFile(two(`, on-exit: ${onExit}`));
    await using running = await daemon(['-f', file.path]);
    lab.cables.em0.cut();
    lab.cables.em1.cut();
    await lab.allAre('down', ['carp0', 'carp1']);
    using observer = observe();
    file.write('groups: {one: {sources: [em0], destinations: [carp0]}}');
    running.signal('SIGHUP');
    await running.line(/reloaded: 1 group of/);
    expect(lab.isUp('carp1')).toBe(up);
    // A failover each way is what ends the wait for messages that are not there.
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
    await observer.when(
      () => 'carp0 to be set up',
      () => observer.flips('carp0') >= 1,
    );
    expect([observer.flips('carp0'), observer.flips('carp1')]).toEqual([1, up ? 1 : 0]);
  });
});
