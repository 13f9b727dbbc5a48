import { expect, test } from 'vitest';
import { knownKernels } from '../src/known-kernels.ts';
import { parseOptions } from '../src/options.ts';
import { scenarios } from '../src/scenarios/index.ts';

test('without options, every scenario runs on every kernel, with KVM first where it may work', () => {
  expect(parseOptions([], true)).toMatchObject({
    kernels: knownKernels.map(({ id }) => id),
    scenarios: scenarios.map(({ name }) => name),
    accelerators: ['kvm', 'tcg'],
  });
  expect(parseOptions([], false)).toMatchObject({ accelerators: ['tcg'] });
});

test('--scenario with a whole name means that one, with a part of names all that have it', () => {
  expect(parseOptions(['--scenario', 'card e1000'], false)).toMatchObject({ scenarios: ['card e1000'] });
  expect(parseOptions(['--scenario', 'e1000'], false)).toMatchObject({
    scenarios: ['card e1000', 'card e1000e'],
  });
});

test.each([
  { words: ['--kernel', '2.2'], error: /no such kernel: 2\.2/ },
  { words: ['--scenario', 'isdn'], error: /no scenario has these words in its name: isdn/ },
  { words: ['--rounds', '0'], error: /--rounds 0: must be a whole number from 1/ },
  { words: ['--node', '12'], error: /--node 12: must be 20, 22, 24, 26/ },
  { words: ['--arch', 'mips'], error: /--arch mips: must be amd64 or arm64/ },
  { words: ['--accel', 'hvf'], error: /--accel hvf: must be kvm or tcg/ },
])('$words is refused with the reason', ({ words, error }) => {
  expect(() => parseOptions(words, false)).toThrow(error);
});

test('no two scenarios have the same name', () => {
  const names = scenarios.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});
