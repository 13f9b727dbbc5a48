import { expect, test } from 'vitest';
import { codeDirectory } from '../../src/tuning/code-directory.ts';

test.for([
  ['what systemd says', { CACHE_DIRECTORY: '/var/cache/of-unit' }, 1000, '/var/cache/of-unit'],
  ['the first of several', { CACHE_DIRECTORY: '/var/cache/a:/var/cache/b' }, 0, '/var/cache/a'],
  ['a place of its own for root', {}, 0, '/var/cache/ifdepd'],
  ['an empty word is none', { CACHE_DIRECTORY: '' }, 0, '/var/cache/ifdepd'],
  ['nowhere for another user', {}, 1000, null],
  ['nowhere without users', {}, undefined, null],
  ['nowhere where Node keeps none', { NODE_DISABLE_COMPILE_CACHE: '1', CACHE_DIRECTORY: '/c' }, 0, null],
] as const)('compiled code is kept in %s', ([, env, uid, directory]) => {
  expect(codeDirectory(env, uid)).toBe(directory);
});
