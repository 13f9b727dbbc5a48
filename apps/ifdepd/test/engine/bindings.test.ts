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

test('a check is unknown until it is fed, and a reload keeps what was fed last', () => {
  const checked = compile({ groups: { g: { require: 'check:c', destinations: ['d0'] } } });
  const bindings = bind({ policy: checked.config }, checked, tools);
  const others = () => [...bindings.now.others.values()];
  expect(others()).toEqual([{ id: 'check:c', health: 'unknown', reason: 'not checked yet' }]);
  const failed = { id: 'check:c', health: 'failed', reason: 'exited 1' } as const;
  bindings.noteFed(failed);
  bindings.noteFed({ ...failed, id: 'check:other' });
  bindings.replace({ policy: checked.config }, checked);
  expect(others()).toEqual([failed]);
});

test('a virtual function depends on its parent, of which events are read, and no interface on its own name', () => {
  const vf: DestinationSettings = { id: 'vf:eth0/3', action: 'vf', parent: 'eth0', vf: 3, onExit: 'leave' };
  const other = compile({ groups: { g: { require: 'em0', destinations: [vf.id] } } });
  const bindings = bind({ policy: other.config, destinations: new Map([[vf.id, vf]]) }, other, tools);
  expect([...bindings.now.dependents]).toEqual([['eth0', [vf.id]]]);
  expect(bindings.now.interest).toEqual(['em0', 'eth0']);
});
