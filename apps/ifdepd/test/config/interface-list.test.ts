import { expect, test } from 'vitest';
import { refuseAliasLabels } from '../../src/config/interface-list.ts';

const nothing = () => false;

test.each([
  ['eth0:1', /'eth0:1': ':' separates interfaces, and there is none called '1'.* name eth0 itself/],
  ['em0:eth0:12:em1', /'eth0:12' is an address alias of eth0/],
  ['wan,eth0:0', /'eth0:0' is an address alias/],
])('%s reads like an alias label', (value, message) => {
  expect(() => refuseAliasLabels('-S', ['em0', value], nothing)).toThrowError(message);
});

test.each(['em0:bge0', 'eth0.1:eth1', '1', '1@em0:2@em0', 'eth0', 'a:b:c'])('%s does not', (value) => {
  expect(() => refuseAliasLabels('-S', [value], nothing)).not.toThrow();
});

test('an interface that is really called 1 may be named', () => {
  expect(() => refuseAliasLabels('-S', ['eth0:1'], (name) => name === '1')).not.toThrow();
});
