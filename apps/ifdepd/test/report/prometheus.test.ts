import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compile, describe as describeState, start } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { ProbeNumbers } from '../../src/programs/probes.ts';
import { metrics } from '../../src/report/metrics.ts';

/** Runs promtool; what it said and its exit code. `error` is set where it is not installed. */
function promtool(words: readonly string[], input = '') {
  return spawnSync('promtool', words, { encoding: 'utf8', input });
}

const NOT_INSTALLED = 'promtool is not installed. On Debian: apt-get install prometheus';

test('promtool: each alert rule speaks and is silent when it must', ({ skip }) => {
  const cases = fileURLToPath(new URL('prometheus-rules.yaml', import.meta.url));
  const { error, status, stdout, stderr } = promtool(['test', 'rules', cases]);
  skip(error !== undefined, NOT_INSTALLED);
  expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
});

/** Numbers of a probe of each kind. */
const PROBES: ReadonlyMap<string, ProbeNumbers> = new Map<string, ProbeNumbers>([
  ['probe:ping', { sent: 20, received: 19, rttMs: 11.5, loss: 0.05 }],
  ['probe:speed', { speedMbps: 2500, duplex: 'full' }],
  ['probe:bond', { activeMembers: 2, members: 3 }],
  ['probe:tunnel', { peers: 2, answeringPeers: 1, handshakeSeconds: 12.5 }],
  ['probe:errors', { errors: 3 }],
  ['probe:peer', { heard: 7, ignored: 1, last: null }],
]);

/** Its one remark, about style: a speed of an interface is in bits everywhere. */
const ABOUT_SPEED = 'ifdepd_probe_speed_bits_per_second use base unit "bytes" instead of "bits"\n';

test('promtool: every family of the metrics is read, whatever a group is called', ({ skip }) => {
  const group = 'a "group" \\ with\nodd characters';
  const policy = compile({ groups: { [group]: { require: 'em0', destinations: ['carp0'] } } });
  const text = metrics('linux').text(
    {
      status: describeState(policy, start(policy, 0).state),
      linkCounters: {
        messages: 0,
        snapshots: 1,
        overruns: 0,
        interrupted: 0,
        refused: 0,
        foreign: 0,
        truncated: 0,
        bad: 0,
        skipped: 0,
      },
      kernelFailover: null,
      passedLosses: new Map(),
    },
    PROBES,
  );
  const { error, stdout, stderr } = promtool(['check', 'metrics'], text);
  skip(error !== undefined, NOT_INSTALLED);
  expect(`${stdout}${stderr}`).toBe(ABOUT_SPEED);
});
