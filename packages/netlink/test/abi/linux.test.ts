import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linux, type StructLayout } from '../../src/index.ts';

const headers = JSON.parse(readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8')) as {
  readonly numbers: Readonly<Record<string, number>>;
  readonly structs: Readonly<Record<string, { readonly size: number } & Record<string, unknown>>>;
};

const { littleEndian, operstates, vfLinkStates, struct, sock_fprog, ...groups } = linux;

describe.each(Object.entries(groups))('numbers of the group %s', (_group, numbers) => {
  test.each(Object.entries(numbers))('%s is the number of the header', (name, value) => {
    expect(value).toBe(headers.numbers[name]);
  });
});

test('operational states stand at their numbers, in the words of sysfs', () => {
  const numbers = operstates.map((word) => headers.numbers[`IF_OPER_${word.toUpperCase()}`]);
  expect(numbers).toEqual(operstates.map((_word, at) => at));
});

test('link states of virtual functions stand at their numbers', () => {
  const numbers = vfLinkStates.map((word) => headers.numbers[`IFLA_VF_LINK_STATE_${word.toUpperCase()}`]);
  expect(numbers).toEqual([0, 1, 2]);
});

const BYTES = { u8: 1, u16: 2, i32: 4, u32: 4 } as const;

test.each(Object.entries(struct))('struct %s has its fields where the compiler puts them', (name, layout) => {
  const { size, fields }: StructLayout = layout;
  const expected = Object.entries(fields).map(([field, [at, kind]]) => [field, [at, BYTES[kind]]]);
  expect(headers.structs[name]).toMatchObject({ size, ...Object.fromEntries(expected) });
});

test('struct sock_fprog has its length and its pointer where the compiler puts them', () => {
  expect(headers.structs['sock_fprog']).toEqual({
    size: sock_fprog.size,
    len: [sock_fprog.len, 2],
    filter: [sock_fprog.filter, 8],
  });
});

test('the byte order is the one of the machines that libc loads on', () => {
  expect(littleEndian).toBe(true);
});
