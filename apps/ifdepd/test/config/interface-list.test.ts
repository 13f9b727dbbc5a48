import { expect, test } from 'vitest';
import { refuseAliasLabels } from '../../src/config/interface-list.ts';

const nothing = () => false;

test.each([
  ['eth0:1', /'eth0:1': ':' separates interfaces, and there is none called '1'.* name eth0 itself/],
  ['em0:eth0:12:em1', /'eth0:12' is an address alias of eth0/],
  ['wan,eth0:0', /'eth0:0' is an address alias/],
])('the list %s, which reads like an alias label, is refused with an explanation', (value, message) => {
  expect(() => refuseAliasLabels('-S', ['em0', value], nothing)).toThrowError(message);
});

test.each(['em0:bge0', 'eth0.1:eth1', '1', '1@em0:2@em0', 'eth0', 'a:b:c'])(
  'the list %s, which does not read like an alias label, is accepted',
  (value) => {
    expect(() => refuseAliasLabels('-S', [value], nothing)).not.toThrow();
  },
);

test('an interface that is called 1 can be named', () => {
  expect(() => refuseAliasLabels('-S', ['eth0:1'], (name) => name === '1')).not.toThrow();
});
