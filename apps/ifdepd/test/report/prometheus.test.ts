import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampleMetrics } from '../support/sample-metrics.ts';

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

/** Its one remark, about style: a speed of an interface is in bits everywhere. */
const ABOUT_SPEED = 'ifdepd_probe_speed_bits_per_second use base unit "bytes" instead of "bits"\n';

test('promtool: every family of the metrics is read, whatever a group is called', ({ skip }) => {
  const group = 'a "group" \\ with\nodd characters';
  const { error, stdout, stderr } = promtool(['check', 'metrics'], sampleMetrics(group));
  skip(error !== undefined, NOT_INSTALLED);
  expect(`${stdout}${stderr}`).toBe(ABOUT_SPEED);
});
