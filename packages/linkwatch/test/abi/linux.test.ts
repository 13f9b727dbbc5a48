import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linux } from '../../src/abi/linux.ts';

type Numbers = Readonly<Record<string, number>>;

const { linux: headers } = JSON.parse(
  readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8'),
) as { linux: Readonly<Record<string, Numbers>> };

/** The names are unique across the headers' groups. */
const numbers: Numbers = Object.assign({}, ...Object.values(headers));

const groups = ['socket', 'errno', 'nlmsg', 'rtm', 'ifla', 'name', 'iff', 'bpf'] as const;

describe.each(groups)('%s', (group) => {
  test.each(Object.entries(linux[group]))('%s', (name, value) => {
    expect(value).toBe(numbers[name]);
  });
});

test('attribute headers', () => {
  const { NLA_HDRLEN, NLA_ALIGNTO, NLA_TYPE_MASK } = linux.nlattr;
  expect({ NLA_HDRLEN, NLA_ALIGNTO }).toEqual({
    NLA_HDRLEN: numbers['NLA_HDRLEN'],
    NLA_ALIGNTO: numbers['NLA_ALIGNTO'],
  });
  // The header's mask is a negative int; types have 16 bits.
  expect(NLA_TYPE_MASK).toBe((numbers['NLA_TYPE_MASK'] as number) & 0xffff);
});

test('operational states by number, in the words of sysfs', () => {
  const words = Object.fromEntries(
    Object.entries(headers['if_oper'] ?? {}).map(([name, value]) => [
      value,
      name.replace('IF_OPER_', '').toLowerCase(),
    ]),
  );
  expect({ ...linux.operstates }).toEqual(words);
});

test('the decoder reads structures where the compiler puts their fields', () => {
  expect(headers['struct_nlmsghdr']).toMatchObject({
    nlmsg_len: 0,
    nlmsg_type: 4,
    nlmsg_flags: 6,
    nlmsg_seq: 8,
    size: linux.nlmsg.NLMSG_HDRLEN,
  });
  expect(headers['struct_ifinfomsg']).toMatchObject({
    ifi_family: 0,
    ifi_type: 2,
    ifi_index: 4,
    ifi_flags: 8,
    size: 16,
  });
  expect(headers['struct_sockaddr_nl']).toMatchObject({ nl_family: 0, nl_pid: 4, nl_groups: 8, size: 12 });
  expect(headers['struct_sock_filter']).toEqual({ code: 0, jt: 2, jf: 3, k: 4, size: 8 });
  expect(headers['struct_sock_fprog']).toEqual({ len: 0, filter: 8, size: 16 });
  expect(headers['struct_nlmsgerr']).toMatchObject({ error: 0 });
});
