import { expect, test } from 'vitest';
import { lastLineOf } from '../../src/programs/last-line.ts';

const of = (text: string): string => lastLineOf(new TextEncoder().encode(text));

test('the last line of an output is the last one with something to read in it', () => {
  expect(of('')).toBe('');
  expect(of('one\ntwo\n\n  \n')).toBe('two');
  expect(of('10 %\r20 %\r30 %')).toBe('30 %');
  expect(of('\0\0\0\n\0\x07')).toBe('');
});

test('orders to a terminal, and bytes that are no text, are left out', () => {
  expect(of('\u001b[31merror:\u001b[0m a\tb\u001b]0;title\u0007\u202e')).toBe('error: a b');
  expect(lastLineOf(Uint8Array.of(0x66, 0xff, 0x6f, 0xc3))).toBe('fo');
});

test('a long line is cut at 200 bytes, and no character in two', () => {
  expect(of('x'.repeat(200))).toBe('x'.repeat(200));
  expect(of('x'.repeat(201))).toBe(`${'x'.repeat(197)}…`);
  const cut = of('ü'.repeat(150));
  expect(cut).toBe(`${'ü'.repeat(98)}…`);
});
