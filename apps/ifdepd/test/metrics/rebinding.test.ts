import { expect, test } from 'vitest';
import { isForUs } from '../../src/metrics/rebinding.ts';

const loopback = ['127.0.0.1', '127.5.0.1', '::1', '0:0:0:0:0:0:0:1', 'localhost'];

test.each([
  '127.0.0.1:9817',
  '127.0.0.1',
  '[::1]:9817',
  '[::1]',
  '192.0.2.1',
  'localhost',
  'LOCALHOST:9817',
  'a.localhost.',
  null,
])('on loopback, %s is answered', (host) => {
  for (const address of loopback) {
    expect(isForUs(address, host)).toBe(true);
  }
});

test.each([
  'rebound.example',
  'rebound.example:9817',
  '',
  ':9817',
  'localhost.example',
  'notlocalhost',
  '127.0.0.1.example',
  '[rebound.example]',
])("on loopback, '%s' is not", (host) => {
  for (const address of loopback) {
    expect(isForUs(address, host)).toBe(false);
  }
});

test.each(['0.0.0.0', '::', '192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', 'gateway'])(
  'on %s, every name is',
  (address) => {
    expect(isForUs(address, 'gateway.example:9817')).toBe(true);
  },
);
