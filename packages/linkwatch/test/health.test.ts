import { describe, expect, test } from 'vitest';
import { health, type LinkRecord } from '../src/index.ts';
import { linkRecord } from '../src/testing/index.ts';

const reasonOf = (facts: Partial<LinkRecord>) =>
  health(linkRecord({ index: 1, name: 'eth0', ...facts })).reason;

test('health of a missing interface is failed', () => {
  expect(health(undefined)).toEqual({ health: 'failed', reason: 'missing' });
});

test('health of an operational state up is active', () => {
  expect(health(linkRecord({ index: 1, name: 'eth0' }))).toEqual({ health: 'active', reason: 'up' });
});

describe('health with an operational state', () => {
  test.each([
    ['down', 'no carrier'],
    ['lowerlayerdown', 'lower layer down'],
    ['dormant', 'dormant'],
    ['testing', 'testing'],
    ['notpresent', 'not present'],
  ] as const)('%s has failed: %s', (operstate, reason) => {
    expect(health(linkRecord({ index: 1, name: 'eth0', operstate }))).toEqual({ health: 'failed', reason });
  });

  test('health of an interface that is administratively down gives that reason before the link', () => {
    expect(reasonOf({ adminUp: false })).toBe('admin down');
    expect(reasonOf({ adminUp: false, operstate: 'lowerlayerdown' })).toBe('admin down');
    expect(reasonOf({ adminUp: false, operstate: 'up' })).toBe('admin down');
  });

  test('health of a link up without a carrier is failed, because the state is late', () => {
    expect(reasonOf({ operstate: 'up', carrier: false })).toBe('no carrier');
    expect(reasonOf({ operstate: 'up', carrier: null })).toBe('up');
  });
});

describe('health without an operational state (loopback, tun, tap)', () => {
  test.each([
    ['running, with a carrier', {}, 'up'],
    ['no carrier', { carrier: false }, 'no carrier'],
    ['not running', { running: false }, 'no carrier'],
    ['dormant', { dormant: true }, 'dormant'],
    ['nothing is known about it: no objection', { carrier: null, running: null }, 'up'],
    ['set down', { adminUp: false }, 'admin down'],
  ] as const)('%s', (_, facts, reason) => {
    expect(reasonOf({ operstate: 'unknown', ...facts })).toBe(reason);
  });
});
