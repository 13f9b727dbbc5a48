import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ListTarget } from '../../src/config/local-target.ts';
import { startLocalProbes } from '../../src/programs/local-probes.ts';

const TARGETS = new Map<string, ListTarget>([
  ['probe:default', { kind: 'route', family: 'ipv4', destination: '0.0.0.0/0', interface: 'em0' }],
  ['probe:lease', { kind: 'address', family: 'ipv4', interface: 'em0' }],
]);

/** A card with an address and a default route, the probes of both, and what they have answered. */
function probed(system: Parameters<typeof scriptedBsd>[0]) {
  const kernel = scriptedBsd(system);
  kernel.attach('em0');
  kernel.setAdmin('em0', 'up');
  kernel.giveOwnAddress('em0', '192.0.2.1/24');
  kernel.addRoute('0.0.0.0/0', '192.0.2.9', 'em0');
  const answers: string[] = [];
  const start = (libc = kernel.libc) => {
    const probes = startLocalProbes(
      ({ id, health, reason }) => answers.push(`${id} ${health}: ${reason}`),
      libc,
    );
    onTestFinished(() => probes[Symbol.dispose]());
    probes.replace(TARGETS);
    return probes;
  };
  return { kernel, answers, start };
}

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
  'on %s the default route and the address of an interface are followed',
  async (system) => {
    const { kernel, answers, start } = probed(system);
    // On a busy machine a turn may end before everything is read; the rest is read in the next one.
    const answer = () => vi.waitUntil(() => answers.splice(0).join(), { timeout: 60_000 });
    start();
    expect(answers.splice(0)).toEqual([
      'probe:default active: default route (IPv4) via 192.0.2.9 on em0',
      'probe:lease active: 192.0.2.1/24 on em0',
    ]);
    kernel.deleteRoute('0.0.0.0/0');
    kernel.turn();
    expect(await answer()).toBe('probe:default failed: no default route (IPv4) on em0');
    kernel.addRoute('0.0.0.0/0', '192.0.2.8', 'em0');
    kernel.turn();
    expect(await answer()).toBe('probe:default active: default route (IPv4) via 192.0.2.8 on em0');
  },
);

test('probes of a system that opens no socket are unknown with its reason, and are followed after the next reload', () => {
  const { kernel, answers, start } = probed('freebsd');
  const { errnoOf } = kernel.libc.target;
  let isRefused = true;
  const socket: typeof kernel.libc.socket = (...words) =>
    isRefused ? -errnoOf.ENOBUFS : kernel.libc.socket(...words);
  const probes = start({ ...kernel.libc, socket });
  expect(answers.splice(0)).toEqual([
    expect.stringMatching(/^probe:default unknown: .*ENOBUFS/),
    expect.stringMatching(/^probe:lease unknown: .*ENOBUFS/),
  ]);
  isRefused = false;
  probes.replace(new Map(TARGETS));
  expect(answers.splice(0)).toEqual([
    'probe:default active: default route (IPv4) via 192.0.2.9 on em0',
    'probe:lease active: 192.0.2.1/24 on em0',
  ]);
  probes.replace(new Map());
  kernel.deleteRoute('0.0.0.0/0');
  kernel.turn();
  expect(answers).toEqual([]);
});
