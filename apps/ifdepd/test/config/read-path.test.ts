import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';

const group = { sources: ['em0'], destinations: ['carp0'] };
const check = (check: object) => ({ groups: { g: group }, checks: { c: check } });
const destination = (file: string) => ({
  groups: { g: { sources: ['em0'], destinations: [{ file, up: '0', down: '1' }] } },
});
const hook = (...exec: readonly string[]) => ({ groups: { g: group }, hooks: [{ exec }] });

test.each<[string, object, RegExp]>([
  ['a file check with NUL', check({ file: '/run/x\0y/z' }), /checks\.c\.file: has a NUL character/],
  ['a file destination with NUL', destination('/run/x\0y'), /destinations\.0\.file: has a NUL character/],
  ['a program with NUL', hook('/bin/true\0x'), /hooks\.0\.exec\.0: has a NUL character/],
  ['an argument with NUL', check({ exec: ['/bin/true', 'a\0b'] }), /exec\.1: has a NUL character/],
  ['half a character', destination('/run/\ud800'), /has half of a character in it/],
  ['a path of 5,000 bytes', check({ file: '/aaaa'.repeat(1000) }), /has 5000 bytes; a path has at most 4095/],
  ['a name of 256 bytes', destination(`/run/${'x'.repeat(256)}`), /a name of more than 255 bytes/],
  ['a name of 130 characters of two bytes', destination(`/run/${'ü'.repeat(130)}`), /more than 255 bytes/],
  ['an argument of 131,072 bytes', hook('/bin/true', 'x'.repeat(131_072)), /an argument has at most 131071/],
  ['a relative path', check({ file: 'flag' }), /must be an absolute path/],
])('%s is refused when the file is read', (_, settings, message) => {
  expect(() => parseSettings(JSON.stringify(settings), '/etc/ifdepd.conf')).toThrow(message);
});

test('the longest path and the longest argument are accepted', () => {
  const path = `/${'x'.repeat(255)}`.repeat(15);
  const settings = parseSettings(JSON.stringify(check({ file: path })), '/etc/ifdepd.conf');
  expect([...settings.checks.values()]).toMatchObject([{ path }]);
  const long = 'x'.repeat(131_071);
  expect(parseSettings(JSON.stringify(hook('sh', '-c', long)), 'f').hooks[0]?.command[2]).toBe(long);
});
