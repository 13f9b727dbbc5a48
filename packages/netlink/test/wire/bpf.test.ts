import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linux, loaded16, loaded32, loadedBytes } from '../../src/index.ts';
import { runFilter } from '../../src/testing/index.ts';

const { bpf } = linux;

test('a comparison with a loaded number is true for that number in the message, in both byte orders', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.boolean(), (value, littleEndian) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setUint32(0, value, littleEndian);
      new DataView(bytes.buffer).setUint16(4, value & 0xffff, littleEndian);
      const compare = (size: number, at: number, k: number) => [
        { code: bpf.BPF_LD | size | bpf.BPF_ABS, jt: 0, jf: 0, k: at },
        { code: bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, jt: 0, jf: 1, k },
        { code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 1 },
        { code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 0 },
      ];
      expect(runFilter(compare(bpf.BPF_W, 0, loaded32(value, littleEndian)), bytes)).toBe(1);
      expect(runFilter(compare(bpf.BPF_H, 4, loaded16(value & 0xffff, littleEndian)), bytes)).toBe(1);
    }),
  );
});

test('bytes that are fewer than a load takes have zeros behind them', () => {
  expect(loadedBytes(Uint8Array.of(0xff, 1))).toBe(0xff01_0000);
});
