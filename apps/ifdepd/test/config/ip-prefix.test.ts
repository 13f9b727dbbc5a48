import { expect, test } from 'vitest';
import { parsePrefix } from '../../src/config/ip-prefix.ts';

test.each([
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['203.0.113.255/25', '203.0.113.128/25'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['0.0.0.1/0', '0.0.0.0/0'],
  ['::/0', '::/0'],
  ['ffff::1/0', '::/0'],
  ['::1/128', '::1/128'],
  ['1::/16', '1::/16'],
  ['2001:DB8:ffff:0:0:0:0:1/33', '2001:db8:8000::/33'],
  ['::ffff:192.0.2.1/128', '::ffff:c000:201/128'],
  ['1:2:3:4:5:6:7:8/127', '1:2:3:4:5:6:7:8/127'],
  ['1:2:3:4:5:6:7:9/127', '1:2:3:4:5:6:7:8/127'],
])('%s means the net %s', (text, net) => {
  const family = text.includes(':') ? 'ipv6' : 'ipv4';
  expect(parsePrefix(text)).toEqual({
    family,
    text: net,
    isNet: text.toLowerCase() === net || /^::ffff:/.test(text),
  });
});

test.each([
  '203.0.113.0',
  '203.0.113.0/',
  '203.0.113.0/33',
  '::/129',
  '203.0.113/24',
  '::g/64',
  'fe80::1%eth0/64',
  '/0',
])('%s means no net', (text) => expect(parsePrefix(text)).toBeNull());
