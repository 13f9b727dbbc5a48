import { expect, test } from 'vitest';
import { loadLibc, targetOf, UnsupportedSystemError } from '../src/index.ts';
import { machineFault } from '../src/machine.ts';

const usual = { pointerBytes: 8, littleEndian: true };

test.each(['linux', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'])(
  '%s: its tables hold on little-endian 64-bit machines only',
  (name) => {
    const target = targetOf(name);
    expect(machineFault(target, usual, `${name}-x64`)).toBeNull();
    expect(machineFault(target, usual, `${name}-arm64`)).toBeNull();
    expect(machineFault(target, { ...usual, pointerBytes: 4 }, `${name}-arm`)).toBe(
      `${name}-arm has pointers of 32 bits`,
    );
    expect(machineFault(target, { ...usual, littleEndian: false }, `${name}-s390x`)).toBe(
      `${name}-s390x is big-endian`,
    );
  },
);

test('the tables of Linux do not hold on MIPS', () => {
  expect(machineFault(targetOf('linux'), usual, 'linux-mips64el')).toBe(
    'linux-mips64el uses other numbers for the same calls',
  );
});

test.each([
  ['with 32 bits', { pointerBytes: 4 }, 'has pointers of 64 bits'],
  ['that is big-endian', { littleEndian: false }, 'is little-endian'],
])('loadLibc refuses tables for a machine %s', (_what, other, words) => {
  const target = targetOf('linux');
  const layout = { ...target.layout, ...other } as never;
  const load = () => loadLibc({ target: { ...target, layout } });
  expect(load).toThrow(UnsupportedSystemError);
  expect(load).toThrow(new RegExp(`^no tables for this machine: .* ${words}\\. The tables for linux are`));
});
