import { describe, expect, test } from 'vitest';
import { checkHost, interfacesOf } from '../../src/diagnose/check-host.ts';
import { parseSettings } from '../../src/index.ts';
import { bsdHost, type System, systems, tablesOf, USUAL } from '../support/bsd-host.ts';

const destination = (words: string) => `groups: {g: {sources: [em0], destinations: [${words}]}}`;

describe('a destination that the system cannot set is a mistake of the configuration', () => {
  test.each<[System, string, string]>([
    ['netbsd', '{demote: carp}', 'demote:carp: this system has no carp demotion counter'],
    ['dragonfly', '{demote: carp}', 'demote:carp: this system has no carp demotion counter'],
    ['darwin', '{demote: carp}', 'demote:carp: this system has no carp demotion counter'],
    ['freebsd', '{demote: egress}', "write 'demote: carp'"],
    ['openbsd', '1@em0', '1@em0: carp has interfaces of its own on this system: name that one (carp0)'],
    ['netbsd', '1@em0', '1@em0: carp has interfaces of its own'],
    ['dragonfly', '1@em0', '1@em0: carp has interfaces of its own'],
    ['darwin', '200@a-long-name-01', 'an interface name has at most 15'],
    ...systems.map((system): [System, string, string] => [
      system,
      'a-name-of-19-bytes-',
      'a-name-of-19-bytes-: the name has 19 bytes; an interface name has at most 15',
    ]),
    ...systems.map((system): [System, string, string] => [
      system,
      '{interface: lan0, action: protodown}',
      'lan0: protodown is available on Linux only',
    ]),
  ])('%s: %s', async (system, words, message) => {
    const config = destination(words);
    await expect(bsdHost(system, { config })).rejects.toMatchObject({
      exitCode: 65,
      message: expect.stringContaining(`/etc/ifdepd.conf: `),
    });
    await expect(bsdHost(system, { config })).rejects.toThrow(message);
  });

  test('all of them at once, sources too', async () => {
    const config = 'groups: {g: {sources: [1@em0], destinations: [2@em0, {demote: carp}]}}';
    const error = await bsdHost('netbsd', { config }).catch((cause: Error) => cause);
    expect(error).toHaveProperty('message', expect.stringMatching(/^(.*: [12]@em0: .*\n){2}.*demote:carp: /));
  });
});

describe('what is looked for at the start', () => {
  const look = async (system: System, config: string) => {
    const { kernel } = await bsdHost(system);
    const settings = parseSettings(config, 'x.conf');
    return {
      kernel,
      check: () =>
        checkHost(
          { ...interfacesOf(settings), file: settings.file, written: null, wait: false, dryRun: false },
          kernel.libc,
          tablesOf(system),
        ),
    };
  };

  test.each(systems)('%s: everything is there, and may be set', async (system) => {
    const { check } = await look(system, USUAL);
    expect(check).not.toThrow();
  });

  test.each(systems)('%s: everything that is missing, by name', async (system) => {
    const { check } = await look(system, 'groups: {g: {sources: [em0, em7], destinations: [lan0, lan7]}}');
    expect(check).toThrow('no such interface: em7 (source), lan7 (destination)');
  });

  test.each(systems)('%s: not permitted', async (system) => {
    const { kernel, check } = await look(system, USUAL);
    kernel.privileged = false;
    expect(check).toThrow(expect.objectContaining({ exitCode: 77 }));
  });

  test('FreeBSD: a vhid exists or not, carp0 never does, and the error names the way out', async () => {
    const there = await look('freebsd', 'groups: {g: {sources: [1@em0], destinations: [2@em0]}}');
    expect(there.check).toThrow('no such interface: 1@em0 (source), 2@em0 (destination)');
    there.kernel.createCarp('1@em0', 'em0', 1);
    there.kernel.createCarp('2@em0', 'em0', 2);
    expect(there.check).not.toThrow();
    there.kernel.privileged = false;
    expect(there.check).toThrow(expect.objectContaining({ exitCode: 77 }));
    const old = await look('freebsd', 'groups: {g: {sources: [em0], destinations: [carp0]}}');
    expect(old.check).toThrow('name a vhid and its parent, such as 1@em0');
  });
});
