import { expect, test } from 'vitest';
import { isForUs } from '../../src/system/rebinding.ts';

/** Every way to write it that a resolver or a kernel gives back. */
const loopback = [
  '127.0.0.1',
  '127.0.1.1',
  '127.255.255.254',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::1%lo',
  '::ffff:127.0.0.1',
  '::FFFF:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:127.5.0.1',
];

test.each([
  '127.0.0.1:9817',
  '127.0.0.1',
  '[::1]:9817',
  '[::1]',
  '[::ffff:127.0.0.1]:9817',
  '192.0.2.1',
  'localhost',
  'LOCALHOST:9817',
  'a.localhost.',
  'gateway',
  'Gateway:9817',
  null,
])('on loopback, %s is answered', (host) => {
  for (const address of loopback) {
    expect(isForUs({ asked: 'gateway', address }, host), address).toBe(true);
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
  '::ffff:127.0.0.1.example',
])("on loopback, '%s' is not", (host) => {
  for (const address of loopback) {
    expect(isForUs({ asked: address, address }, host), address).toBe(false);
  }
});

test.each([
  '0.0.0.0',
  '::',
  '192.0.2.1',
  '2001:db8::1',
  '::ffff:192.0.2.1',
  '::ffff:0.0.0.0',
  'fe80::1%eth0',
])('on %s, every name is', (address) => {
  expect(isForUs({ asked: address, address }, 'gateway.example:9817')).toBe(true);
});
