import assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@ifdepd/policy';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadSettings } from '../../src/config/load-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'ifdepd-fuzz-'));
const file = join(folder, 'ifdepd.conf');

/** Takes away what it has written. */
export const end = (): void => rmSync(folder, { recursive: true, force: true });
process.once('exit', end);

const text = (words: string) => new TextEncoder().encode(words);

/** The example, JSON, and one of everything that can be said. */
export const seeds: readonly Uint8Array[] = [
  readFileSync(new URL('../../examples/ifdepd.conf', import.meta.url)),
  text('{"groups":{"g":{"sources":["em0"],"destinations":["carp0"]}}}'),
  text(`groups:
  a: {require: {at-least: 50%, of: [em0, {not: em1}, {any: [x, y]}]}, destinations: [carp0], up-delay: 3s}
  b: {require: {weight: {at-least: 2, below: 1, of: [{source: em0, weight: 2}]}}, destinations: [{interface: c, action: protodown}]}
  c: {require: {all: [{group: a}, {check: m}, {check: u}]}, destinations: [{file: /run/t, up: "0", down: "1"}], enforce: always}
checks:
  m: {file: /etc/m, active-when: missing}
  u: {exec: [ping, -c1, 192.0.2.1], every: 2s, timeout: 1s, rise: 2, fall: 3}
hooks: [{on: [up, down], exec: [/bin/true], timeout: 10s}]
log: {format: json}
metrics: {listen: "127.0.0.1:9817"}
`),
  text(
    'groups: &a {g: {sources: &s [em0], destinations: [carp0]}, h: {sources: *s, destinations: [carp1]}}\n',
  ),
];

/** A configuration file: settings that hold together, or an error that says where each fault is. */
export function fuzz(input: Uint8Array): void {
  writeFileSync(file, input, { mode: 0o600 });
  let settings: ReturnType<typeof loadSettings>;
  try {
    settings = loadSettings(file);
  } catch (error) {
    assert(error instanceof ConfigError, error instanceof Error ? error : String(error));
    assert(error.issues.length > 0);
    for (const { line, column, message } of error.issues) {
      assert(line >= 0 && column >= 0 && message !== '' && !message.includes('\n'));
    }
    return;
  }
  const policy = compile(settings.policy);
  assert.deepStrictEqual([...settings.destinations.keys()].sort(), [...policy.destinations].sort());
  assert([...settings.checks.keys()].every((id) => typeof id === 'string'));
}
