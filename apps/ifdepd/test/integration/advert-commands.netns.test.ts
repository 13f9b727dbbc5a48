import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { runToEnd } from '../support/program.ts';

const RULES = `groups:
  gateway:
    require: {any: [{all: [eth0, {probe: master}]}, {not: {probe: partner}}]}
    destinations: [vrrp51]
probes:
  master:  {vrrp: 51, interface: eth0}
  partner: {peer: 51, interface: eth0}
`;

test('check accepts probes of a virtual router, names a destination that one listens on, and an interface that is missing', async () => {
  using _lab = host('eth0', 'vrrp51');
  const check = async (text: string) => {
    using file = configFile(text);
    return (await runToEnd(['check', '-f', file.path])).stdout;
  };
  expect(await check(RULES)).toMatch(/: fine \(group gateway\)$/m);
  expect(
    await check(RULES.replace('{vrrp: 51, interface: eth0}', '{vrrp: 51, interface: vrrp51}')),
  ).toContain(
    'warning: vrrp51: probe:master listens on vrrp51: when it is set down, probe:master fails, and both stay down for ever',
  );
  expect(await check(RULES.replace('{peer: 51, interface: eth0}', '{peer: 51, interface: eth9}'))).toContain(
    'warning: probe partner: cannot hear at present: there is no interface eth9',
  );
});

test('plan leaves a destination alone while the role of a virtual router decides about it, which is unknown', async () => {
  using _lab = host('eth0', 'vrrp51');
  using file = configFile(RULES);
  const { code, stdout } = await runToEnd(['plan', '--json', '-f', file.path]);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 0,
    changes: [
      {
        destination: 'vrrp51',
        to: null,
        blame: ['probe:master unknown (not probed yet)', 'probe:partner unknown (not probed yet)'],
      },
    ],
  });
});

test('simulate plays the roles of a virtual router: a destination goes down while a partner is there and another router is master', async () => {
  using file = configFile(RULES);
  using timeline = configFile(`0s probe:partner active
2s probe:master failed
5s probe:partner failed
9s end
`);
  const { code, stdout } = await runToEnd(['simulate', '--json', '-f', file.path, timeline.path]);
  const entries = JSON.parse(stdout) as readonly {
    readonly at: number;
    readonly effects: readonly { readonly destination: string; readonly to: string }[];
  }[];
  const effects = entries.flatMap(({ at, effects }) => effects.map(({ to }) => `${at} ${to}`));
  expect({ code, effects }).toEqual({ code: 0, effects: ['2000 down', '5000 up'] });
});
