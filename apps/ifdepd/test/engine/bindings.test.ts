import { loadLibc } from '@ifdepd/libc';
import { scriptedNetIf } from '@ifdepd/netif/testing';
import { compile } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { DestinationSettings } from '../../src/config/settings.ts';
import { bind } from '../../src/engine/bindings.ts';

const policy = compile({ groups: { g: { require: 'em0', destinations: ['d0'] } } });
const tools = { libc: loadLibc(), netif: scriptedNetIf({ em0: 'up', carp0: 'up', carp1: 'up' }) };
const rules = (settings: DestinationSettings) => ({
  policy: policy.config,
  destinations: new Map([[settings.id, settings]]),
});
const admin = { id: 'd0', action: 'admin', interface: 'carp0', onExit: 'leave' } as const;

test('rules that set a destination the same way keep its driver, whatever is done with it at the end', () => {
  const bindings = bind(rules(admin), policy, tools);
  const before = bindings.now.destinations.get('d0');
  expect(before).toBeDefined();
  bindings.replace(rules({ ...admin, onExit: 'restore' }), policy);
  expect(bindings.now.destinations.get('d0')).toBe(before);
});

test('rules that set a destination in another way give it another driver', () => {
  const bindings = bind(rules(admin), policy, tools);
  const before = bindings.now.destinations.get('d0');
  bindings.replace(rules({ ...admin, interface: 'carp1' }), policy);
  expect(bindings.now.destinations.get('d0')).not.toBe(before);
});

test('a virtual function depends on its parent, and no interface on its own name', () => {
  const vf: DestinationSettings = { id: 'vf:eth0/3', action: 'vf', parent: 'eth0', vf: 3, onExit: 'leave' };
  const other = compile({ groups: { g: { require: 'em0', destinations: [vf.id] } } });
  const bindings = bind({ policy: other.config, destinations: new Map([[vf.id, vf]]) }, other, tools);
  expect([...bindings.now.dependents]).toEqual([['eth0', [vf.id]]]);
});
