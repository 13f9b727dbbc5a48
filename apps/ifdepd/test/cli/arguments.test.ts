import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import { UsageError } from '../../src/exit-code.ts';

const line = (text: string): readonly string[] => text.split(' ');

describe('the command line of the original', () => {
  test('is read unchanged', () => {
    expect(readArguments(line('-d -S em0:bge0 -D carp0:carp1'))).toEqual({
      command: 'daemon',
      arguments: {
        sources: ['em0', 'bge0'],
        destinations: ['carp0', 'carp1'],
        written: { sources: ['em0:bge0'], destinations: ['carp0:carp1'] },
        verbosity: 'normal',
        background: true,
        check: false,
        pidfile: null,
        wait: false,
        once: false,
        dryRun: false,
      },
    });
  });

  test.each([
    ['-vdSem0 -Dcarp0', { verbosity: 'verbose', background: true }],
    ['-q -S em0 -D carp0', { verbosity: 'quiet' }],
    [
      '--source em0 --destination=carp0 --check --wait --once --dry-run',
      { check: true, wait: true, once: true, dryRun: true },
    ],
    ['-S em0 -S bge0,em0 -D carp0:carp0', { sources: ['em0', 'bge0'], destinations: ['carp0'] }],
    ['-n -p /tmp/x.pid -S 1@em0 -D carp0', { check: true, pidfile: '/tmp/x.pid', sources: ['1@em0'] }],
  ])('%s', (text, expected) => {
    expect(readArguments(line(text))).toMatchObject({ command: 'daemon', arguments: expected });
  });

  test.each([
    ['-h', 'help'],
    ['--help', 'help'],
    ['demo --help', 'help'],
    ['help', 'help'],
    ['-V', 'version'],
    ['--version', 'version'],
    ['version', 'version'],
    ['demo', 'demo'],
  ])('%s is the command %s', (text, command) => {
    expect(readArguments(line(text))).toEqual({ command });
  });
});

describe('a mistake is named in one line', () => {
  test.each<[readonly string[], RegExp]>([
    [['-v', '-q', '-S', 'em0', '-D', 'carp0'], /-v and -q exclude each other/],
    [['-D', 'carp0'], /no source interface: name at least one with -S/],
    [['-S', 'em0'], /no destination interface: name at least one with -D/],
    [['-S', '', '-D', 'carp0'], /^-S '': the list is empty/],
    [['-S', 'em0', '-D', ''], /^-D '': the list is empty/],
    [['-S', 'a::b', '-D', 'carp0'], /^-S 'a::b': there is an empty name/],
    [['-S', ':a', '-D', 'carp0'], /^-S ':a': there is an empty name/],
    [['-S', 'a,', '-D', 'carp0'], /^-S 'a,': there is an empty name/],
    [
      ['-S', 'a234567890123456', '-D', 'carp0'],
      /^-S 'a234567890123456': the name has 16 bytes; .* at most 15/,
    ],
    [['-S', 'äöüäöüäö', '-D', 'carp0'], /the name has 16 bytes/],
    [['-S', 'em0', '-D', 'a/b'], /^-D 'a\/b': an interface name has no '\/'/],
    [['-S', 'em 0', '-D', 'carp0'], /no white space/],
    [['-S', '..', '-D', 'carp0'], /no interface can be called '\.\.'/],
    [['-S', 'em0:x0', '-D', 'carp0:x0:em0'], /^em0, x0: both source and destination/],
    [['-x', '-S', 'em0', '-D', 'carp0'], /^unknown option '-x'$/],
    [['--sauce', 'em0'], /^unknown option '--sauce'$/],
    [['-S'], /^option '-S, --source <value>' needs a value$/],
    [['-S', '-D', 'carp0'], /^option '-S' needs a value$/],
    [['--wait=yes', '-S', 'em0', '-D', 'carp0'], /^option '--wait' takes no value$/],
    [['-p', '', '-S', 'em0', '-D', 'carp0'], /the file name is empty/],
    [['-d', '--once', '-S', 'em0', '-D', 'carp0'], /-d and --once exclude each other/],
    [['em0'], /^unknown command 'em0'; there are: demo, help, version/],
    [['demo', 'twice'], /^'demo' takes nothing more; got 'twice'$/],
    [['demo', '-v'], /^'demo' takes nothing more; got '--verbose'$/],
  ])('%j', (words, message) => {
    expect(() => readArguments(words)).toThrowError(UsageError);
    expect(() => readArguments(words)).toThrowError(message);
    try {
      readArguments(words);
    } catch (error) {
      expect(String(error)).not.toContain('\n');
    }
  });
});
