import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { changeWords, settingsChanges } from '../../src/config/settings-changes.ts';

const before = `
groups:
  wan: {require: {all: [em0, {probe: beyond}]}, destinations: [carp0], up-delay: 1s}
  lan: {sources: [em1], destinations: [carp1]}
probes: {beyond: {ping: 192.0.2.1}}
`;

const after = `
groups:
  wan: {require: {any: [em0, {check: file}]}, destinations: [{interface: carp0, action: protodown}], up-delay: 2s}
  dmz: {sources: [em2], destinations: [carp2]}
checks: {file: {file: /etc/x, active-when: missing}}
hooks: [{on: [any], exec: [/bin/true]}]
metrics: {listen: 9817}
`;

const changes = (one: string, other: string) =>
  settingsChanges(parseSettings(one, '/a'), parseSettings(other, '/a'));

test('a configuration that is the same: nothing changed', () => {
  expect(changes(before, before)).toEqual({ added: [], removed: [], changed: [] });
  expect(changeWords(changes(before, before))).toBe('');
});

test('two configurations: groups, destinations, checks, probes and hooks are compared by their names', () => {
  expect(changes(before, after)).toEqual({
    added: ['group dmz', 'destination carp2', 'check file'],
    removed: ['group lan', 'destination carp1', 'probe beyond'],
    changed: ['group wan (require, up-delay)', 'destination carp0', 'hooks'],
  });
  expect(changeWords(changes(after, before))).toMatch(
    /^added group lan, destination carp1, probe beyond; removed group dmz, .*; changed group wan/,
  );
});

test('a number that no interface of this host can reach yet is a change of its group', () => {
  const of = (count: number) =>
    `groups: {g: {require: {at-least: ${count}, of: [{match: "eth*"}]}, destinations: [d]}}`;
  expect(changes(of(2), of(2)).changed).toEqual([]);
  expect(changes(of(2), of(3)).changed).toEqual(['group g (require)']);
});
