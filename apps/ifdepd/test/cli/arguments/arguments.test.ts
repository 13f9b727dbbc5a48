import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments/arguments.ts';
import { UsageError } from '../../../src/system/errors.ts';

const line = (text: string): readonly string[] => text.split(' ');
/** The group of -S and -D with a rule such as this. */
const cli = (rule: object) => ({ policy: { groups: { cli: rule } } });

describe('the command line of the original', () => {
  test('is read unchanged', () => {
    expect(readArguments(line('-d -S em0:bge0 -D carp0:carp1'))).toEqual({
      command: 'daemon',
      arguments: {
        group: {
          sources: ['em0', 'bge0'],
          destinations: ['carp0', 'carp1'],
          written: { sources: ['em0:bge0'], destinations: ['carp0:carp1'] },
          policy: {
            groups: { cli: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0', 'carp1'] } },
          },
          action: 'admin',
          onExit: 'leave',
        },
        config: null,
        verbosity: 'normal',
        background: true,
        check: false,
        pidfile: null,
        wait: false,
        once: false,
        dryRun: false,
        earlyLoss: 'auto',
        kernelFailover: true,
        log: {},
        netns: null,
        socket: 'default',
        metrics: null,
        force: false,
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
    ['-S em0 -S bge0,em0 -D carp0:carp0', { group: { sources: ['em0', 'bge0'], destinations: ['carp0'] } }],
    [
      '-n -p /tmp/x.pid -S 1@em0 -D carp0',
      { check: true, pidfile: '/tmp/x.pid', group: { sources: ['1@em0'] } },
    ],
    ['-S a:b:c -D d --require any', { group: cli({ require: { any: ['a', 'b', 'c'] } }) }],
    ['-S a:b:c -D d --require 2', { group: cli({ require: { atLeast: 2, of: ['a', 'b', 'c'] } }) }],
    ['-S a:b:c -D d --require 50%', { group: cli({ require: { atLeast: '50%', of: ['a', 'b', 'c'] } }) }],
    [
      '-S a -D d --up-delay 3s --down-delay 250ms --start-delay 2 --start-hold 1m --enforce always --raise owned --restore manual',
      {
        group: cli({
          upDelayMs: 3000,
          downDelayMs: 250,
          startDelayMs: 2000,
          startHoldMs: 60_000,
          enforce: 'always',
          raise: 'owned',
          restore: 'manual',
        }),
      },
    ],
    ['-S a -D d --early-loss off', { earlyLoss: 'off' }],
    ['-S a -D d --kernel-failover auto', { kernelFailover: true }],
    ['-S a -D d --kernel-failover off', { kernelFailover: false }],
    ['-S a -D d --early-loss 20ms', { earlyLoss: { everyMs: 20 } }],
    ['-S a -D d --log-format json --log-target syslog', { log: { format: 'json', target: 'syslog' } }],
    ['-S a -D d --netns blue', { netns: 'blue' }],
    ['-S a -D d --on-exit restore --action protodown', { group: { onExit: 'restore', action: 'protodown' } }],
    ['-S a -D d -s /tmp/x.sock --metrics 9817 --force', { socket: '/tmp/x.sock', force: true }],
    ['-S a -D d --no-socket --metrics [::1]:1', { socket: null, metrics: { host: '::1', port: 1 } }],
    ['-f /etc/ifdepd.conf', { group: null, config: '/etc/ifdepd.conf' }],
  ])('%s', (text, expected) => {
    expect(readArguments(line(text))).toMatchObject({ command: 'daemon', arguments: expected });
  });

  test.each([
    ['-h', { command: 'help', about: null }],
    ['--help', { command: 'help', about: null }],
    ['help', { command: 'help', about: null }],
    ['demo --help', { command: 'help', about: 'demo' }],
    ['help status', { command: 'help', about: 'status' }],
    ['-V', { command: 'version', values: {}, positionals: [] }],
    ['--version', { command: 'version', values: {}, positionals: [] }],
    ['version', { command: 'version', values: {}, positionals: [] }],
    ['status --version', { command: 'version', values: {}, positionals: [] }],
    ['demo', { command: 'demo', values: {}, positionals: [] }],
    ['status --json', { command: 'status', values: { json: true }, positionals: [] }],
    ['-s /tmp/x.sock status', { command: 'status', values: { socket: '/tmp/x.sock' }, positionals: [] }],
  ])('%s', (text, expected) => {
    expect(readArguments(line(text))).toEqual(expected);
  });
});

describe('a mistake is named in one line', () => {
  test.each<[readonly string[], RegExp]>([
    [['-v', '-q', '-S', 'em0', '-D', 'carp0'], /^-v cannot be combined with -q; choose one$/],
    [['-D', 'carp0'], /no source interface: name at least one with -S/],
    [['-S', 'em0'], /no destination interface: name at least one with -D/],
    [['-S', '', '-D', 'carp0'], /^-S '': the list is empty/],
    [['-S', 'em0', '-D', ''], /^-D '': the list is empty/],
    [['-S', 'a::b', '-D', 'carp0'], /^-S 'a::b': there is an empty name/],
    [['-S', ':a', '-D', 'carp0'], /^-S ':a': there is an empty name/],
    [['-S', 'a,', '-D', 'carp0'], /^-S 'a,': there is an empty name/],
    [
      ['-S', 'a'.repeat(128), '-D', 'carp0'],
      /^-S 'a{128}': the name has 128 bytes; .* at most 15, and an alternative name of Linux at most 127$/,
    ],
    [['-S', 'ä'.repeat(64), '-D', 'carp0'], /the name has 128 bytes/],
    [['-S', 'eth*', '-D', 'carp0'], /^-S 'eth\*': patterns such as 'eth\*' are not supported: name each/],
    [['-S', 'eth\ufffd', '-D', 'carp0'], /not valid UTF-8/],
    [['-S', 'em0', '-D', 'a/b'], /^-D 'a\/b': an interface name has no '\/'/],
    [['-S', 'em 0', '-D', 'carp0'], /no white space/],
    [['-S', '..', '-D', 'carp0'], /no interface can be called '\.\.'/],
    [['-S', 'em0:x0', '-D', 'carp0:x0:em0'], /^em0, x0: both source and destination/],
    [['-x', '-S', 'em0', '-D', 'carp0'], /^unknown option '-x'$/],
    [['--sauce', 'em0'], /^unknown option '--sauce'; did you mean '--source'\?$/],
    [['-S'], /^option '-S, --source <value>' needs a value$/],
    [['-S', '-D', 'carp0'], /^option '-S' needs a value$/],
    [['--wait=yes', '-S', 'em0', '-D', 'carp0'], /^option '--wait' takes no value$/],
    [['-p', '', '-S', 'em0', '-D', 'carp0'], /the file name is empty/],
    [
      ['-d', '--once', '-S', 'em0', '-D', 'carp0'],
      /^-d cannot be combined with --once; --once ends by itself$/,
    ],
    [
      ['-S', 'a', '-D', 'd', '--require', '3'],
      /^--require 3: there is only 1 source; use all, any, 1, or a percentage$/,
    ],
    [
      ['-S', 'a:b', '-D', 'd', '--require', '3'],
      /^--require 3: there are only 2 sources; use all, any, a whole number from 1 to 2, or a percentage$/,
    ],
    [
      ['-S', 'a:b', '-D', 'd', '--require', '-1'],
      /^--require -1: must be all, any, a whole number from 1 to 2, or a percentage up to 100%, not -1$/,
    ],
    [['-S', 'a', '-D', 'd', '--wait', '-1'], /^option '--wait' takes no value$/],
    [['-S', 'a', '-D', 'd', '--', '--wait', '-1'], /^unknown command '--wait'/],
    [['-S', 'a:b', '-D', 'd', '--require', '0%'], /^--require 0%: must be/],
    [
      ['-S', 'a', '-D', 'd', '--up-delay', '3 parsecs'],
      /^--up-delay '3 parsecs': must be a duration such as/,
    ],
    [['-S', 'a', '-D', 'd', '--up-delay=-1'], /^--up-delay -1: must be/],
    [['-S', 'a', '-D', 'd', '--up-delay', '-1'], /^--up-delay -1: must be/],
    [['-S', 'a', '-D', 'd', '--enforce', 'up'], /^--enforce up: must be one of down, always, never$/],
    [['-S', 'a', '-D', 'd', '--raise', 'never'], /must be one of always, owned$/],
    [['-S', 'a', '-D', 'd', '--kernel-failover', 'on'], /^--kernel-failover on: must be one of auto, off$/],
    [['-S', 'a', '-D', 'd', '--early-loss', '0'], /^--early-loss 0: must be auto, off/],
    [['-S', 'a', '-D', 'd', '--log-format', 'xml'], /must be one of text, json$/],
    [['-S', 'a', '-D', 'd', '--log-target', 'file'], /must be one of auto, stderr, syslog, journal$/],
    [
      ['-d', '-S', 'a', '-D', 'd', '--log-target', 'stderr'],
      /^-d cannot be combined with --log-target stderr; in the background nobody would see the log$/,
    ],
    [['-f', 'x', '-S', 'em0'], /^--source cannot be combined with -f; put the sources in the file$/],
    [['-f', 'x', '--up-delay', '1'], /^--up-delay cannot be combined with -f; put it in the file$/],
    [['-f', ''], /the file name is empty/],
    [['--requier', 'any'], /^unknown option '--requier'; did you mean '--require'\?$/],
    [['dmeo'], /^unknown command 'dmeo'; did you mean 'demo'\?/],
    [['em0'], /^unknown command 'em0'; there are: status, .*help, version/],
    [['demo', 'twice'], /^'demo' takes nothing more; got 'twice'$/],
    [['demo', '-v'], /^unknown option '-v'$/],
    [['pause', 'a', 'b'], /^'pause' takes 1 word; got 'b'$/],
    [['-S', 'em0', 'bge0', '-D', 'carp0'], /^'bge0' is left over: .* -S em0:bge0$/],
    [['-S', 'em0', '-D', 'carp0', 'carp1'], /^'carp1' is left over: .* -D carp0:carp1$/],
    [['-S', 'em0', 'bge0'], /-S em0:bge0$/],
    [['-S', 'em0', 'stauts'], /did you mean 'status'/],
    [['--netns', '', '-S', 'em0', '-D', 'carp0'], /^--netns '': the name is empty/],
    [['-S', 'em0', '-D', 'carp0', '--up-delay', '25d'], /24d is the longest$/],
    [['statsu'], /^unknown command 'statsu'; did you mean 'status'\?/],
    [['status', '--jsno'], /^unknown option '--jsno'; did you mean '--json'\?$/],
    [
      ['-S', 'a', '-D', 'd', '-s', 'x', '--no-socket'],
      /^-s cannot be combined with --no-socket; choose one$/,
    ],
    [['-S', 'a', '-D', 'd', '--metrics', 'x:y'], /^--metrics x:y: must be ADDRESS:PORT/],
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
