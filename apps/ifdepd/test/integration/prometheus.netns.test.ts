import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, socket } from '../support/program.ts';
import { type Prometheus, prometheus, prometheusFault, type Series } from '../support/prometheus.ts';

const CONFIGURATION = `groups:
  gateway: {require: {all: [em0, {probe: self}, {probe: speed}, {probe: clean}]}, destinations: [carp0]}
probes:
  self: {ping: 127.0.0.1, every: 200ms}
  speed: {speed: em0, at-least: 1G}
  clean: {errors: em0, at-most: 10, per: 1m}
metrics: {listen: 9817}
`;

const { panels } = JSON.parse(
  readFileSync(new URL('../../examples/grafana-dashboard.json', import.meta.url), 'utf8'),
) as { panels: { title: string; targets: { expr: string }[] }[] };

/** The expressions of the dashboard, for all instances. */
const EXPRESSIONS = panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr.replaceAll('$instance', '.*')),
);

/** Asks until the results are as they should be: a scrape may be to come. */
async function results(
  { query }: Prometheus,
  expression: string,
  enough: (series: readonly Series[]) => boolean,
): Promise<readonly Series[]> {
  for (;;) {
    const series = await query(expression);
    if (enough(series)) {
      return series;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a real Prometheus stores every family that the daemon exports, and each panel of the dashboard shows data', async ({
  skip,
}) => {
  const fault = prometheusFault();
  skip(fault !== null, fault ?? '');
  using lab = host('em0', 'carp0');
  using file = configFile(CONFIGURATION);
  await using running = await daemon(['-f', file.path, '--socket', socket]);
  await running.line(/probe self is active/);
  await using server = await prometheus('127.0.0.1:9817');
  await results(server, 'ifdepd_group_up == 1', ({ length }) => length === 1);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const [down] = await results(server, 'ifdepd_group_up == 0', ({ length }) => length === 1);
  expect(down?.metric).toMatchObject({ group: 'gateway', job: 'ifdepd', instance: '127.0.0.1:9817' });

  const exported = await (await fetch('http://127.0.0.1:9817/metrics')).text();
  const families = [...exported.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type]) =>
    type === 'histogram' ? `${name}_bucket` : name,
  );
  expect(families).toEqual(
    expect.arrayContaining(['ifdepd_reaction_seconds_bucket', 'ifdepd_probe_rtt_seconds']),
  );
  for (const name of families) {
    const samples = exported
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    await results(server, name, ({ length }) => length === samples.length);
  }
  for (const expression of EXPRESSIONS) {
    await results(server, expression, (found) => found.some(isNumber));
  }
});

function isNumber({ value: [, text] }: Series): boolean {
  return text !== 'NaN';
}
