import { expect, test } from 'vitest';
import { statusLines } from '../../../src/cli/output/status-lines.ts';
import type { StatusReport } from '../../../src/control/status-report.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const before = (ms: number): string => new Date(NOW - ms).toISOString();
const plain = { good: same, bad: same, warn: same, head: same, faint: same };

function same(text: string): string {
  return text;
}

function source(id: string, health: string, reason: string, ms: number) {
  return { id, health, reason, since: before(ms) };
}

const probe = {
  ...source('probe:beyond', 'active', '198.51.100.7: answers in 11 ms', 600),
  detail: { sent: 20, received: 20, rttMs: 11.2, lossPercent: 0 },
};

const groups: StatusReport['groups'] = [
  {
    name: 'gateway',
    phase: 'down',
    since: before(4100),
    until: null,
    blame: ['eth0'],
    hidden: 0,
    penalty: 0,
    sources: [source('eth0', 'failed', 'no carrier', 4100), source('eth1', 'active', '', 180_000)],
    destinations: ['vrrp.51', 'vrrp.52'],
  },
  {
    name: 'wan',
    phase: 'coming-up',
    since: before(600),
    until: before(-2400),
    blame: ['probe:beyond'],
    hidden: 0,
    penalty: 0,
    sources: [probe],
    destinations: ['wan0'],
  },
  {
    name: 'uplinks',
    phase: 'up',
    since: before(180_000),
    until: null,
    blame: ['eth2', 'eth3'],
    hidden: 0,
    penalty: 0,
    sources: [source('eth2', 'active', '', 180_000), source('eth3', 'active', '', 180_000)],
    destinations: [],
  },
];

const destinations: StatusReport['destinations'] = [
  { id: 'vrrp.51', want: 'down', is: 'down', heldBy: ['gateway'], owned: true, error: null },
  {
    id: 'vrrp.52',
    want: 'down',
    is: 'up',
    heldBy: ['gateway'],
    owned: true,
    error: null,
    differs: { reason: 'changed', left: false, since: before(2000), retryAt: before(-1000) },
  },
  { id: 'wan0', want: 'down', is: 'down', heldBy: ['wan'], owned: true, error: null },
];

const report: StatusReport = {
  version: '1.0.0',
  pid: 2131,
  platform: 'linux',
  backend: 'rtnetlink',
  startedAt: before(180_000),
  config: '/etc/ifdepd.conf',
  groups,
  destinations,
  counters: {},
};

const lines = (width = 80, of: Partial<StatusReport> = {}) =>
  statusLines({ ...report, ...of }, plain, NOW, width);

test('the status of two groups that hold three destinations begins with the verdict and fits in 80 columns', () => {
  expect(lines().join('\n')).toMatchInlineSnapshot(`
    "ifdepd 1.0.0 · pid 2131 · up 3 min · /etc/ifdepd.conf
    2 of 3 groups down, 3 destinations held down, 1 is not as wanted

    GROUP    STATE      FOR     WHY
    gateway  down       4.1 s   eth0 failed (no carrier)
    wan      coming up  600 ms  waits 2.4 s more (up-delay), probe:beyond is back
    uplinks  up         3 min   eth2, eth3 active

    SOURCE        STATE   FOR     DETAIL
    eth0          failed  4.1 s   no carrier
    eth1          active  3 min
    probe:beyond  active  600 ms  198.51.100.7: 20 of 20 answered, 11 ms
    eth2          active  3 min
    eth3          active  3 min

    DESTINATION  IS    WANTED  WHY
    vrrp.51      down  down    held by gateway
    vrrp.52      up    down    another program set it up 2 s ago; next attempt in
                               1 s
    wan0         down  down    held by wan
                               ifdepd explain vrrp.52 says more"
  `);
});

test.each([20, 40, 60])('the status in %i columns: no line is longer', (width) => {
  expect(lines(width).filter((line) => [...line].length > width)).toEqual([]);
});

test('a status in which every destination is as wanted has no hint', () => {
  expect(
    lines(80, { destinations: destinations.filter(({ differs }) => differs === undefined) }).join('\n'),
  ).not.toMatch(/says more/);
});

test.each([
  [{ phase: 'paused', until: before(-600_000) }, 'for 10 min more'],
  [{ phase: 'paused', until: null }, 'until ifdepd resume gateway'],
  [{ phase: 'going-down', until: before(-1200) }, 'waits 1.2 s more (down-delay), eth0 failed (no carrier)'],
  [
    { phase: 'coming-up', until: before(-1200), penalty: 900 },
    'waits 1.2 s more (dampening), eth0 failed (no carrier), penalty 900',
  ],
  [{ blame: ['wan'], hidden: 2 }, 'wan is coming up, 2 hidden by a delay'],
] as const)('the last column of a group that is %o', (changed, words) => {
  const [gateway, ...others] = groups;
  const given = { ...gateway, ...changed } as StatusReport['groups'][number];
  const row = lines(120, { groups: [given, ...others] }).find((line) => line.startsWith('gateway')) ?? '';
  expect(row.endsWith(words) || row).toBe(true);
});

test.each([
  ['down', ['eth0'], 'eth0 failed (no carrier)'],
  ['down', ['eth2', 'probe:beyond'], 'eth2, probe:beyond active'],
  ['coming-up', ['eth0', 'wan'], 'eth0 failed (no carrier), wan is coming up'],
] as const)(
  'the last column of a group that is %s because of sources of others, %o',
  (phase, blame, words) => {
    const [gateway] = groups;
    const given = { ...gateway, name: 'lan', phase, blame, sources: [] } as StatusReport['groups'][number];
    const row = lines(120, { groups: [...groups, given] }).find((line) => line.startsWith('lan')) ?? '';
    expect(row.endsWith(`  ${words}`) || row).toBe(true);
  },
);

test.each([
  [{ is: 'missing', differs: { reason: 'missing', left: true } }, 'does not exist'],
  [{ differs: { reason: 'changed', left: true } }, 'another program set it up 2 s ago; left so'],
  [{ differs: { reason: 'appeared', left: true } }, 'appeared 2 s ago; its owner raises it'],
  [{ differs: { reason: 'not-ours', left: true } }, 'not set down by ifdepd (raise: owned)'],
  [
    { error: 'EPERM', differs: { reason: 'refused', left: false, retryAt: before(-500) } },
    'cannot be set: EPERM, next attempt in 500 ms',
  ],
] as const)('the last column of a destination that is %o', (changed, words) => {
  const [, second] = destinations;
  const differs = { since: before(2000), retryAt: null, ...changed.differs };
  const given = { ...second, ...changed, differs } as StatusReport['destinations'][number];
  const row = lines(120, { destinations: [given] }).find((line) => line.startsWith('vrrp.52')) ?? '';
  expect(row.endsWith(words) || row).toBe(true);
});

test('a source whose name has 200 characters and a line break is cut at 56 of 80 columns, and its state stays in the column of states', () => {
  const name = `check:${'long\n'.repeat(40)}`;
  const [group] = groups;
  const sources = [...(group?.sources ?? []), source(name, 'failed', 'exited 1', 4100)];
  const rows = lines(80, { groups: group === undefined ? [] : [{ ...group, sources }] });
  const first = rows.findIndex((row) => row.startsWith('SOURCE'));
  const table = rows.slice(first, rows.indexOf('', first)).filter((row) => !row.startsWith('    '));
  expect(table).toHaveLength(4);
  expect(new Set(table.map((row) => row.search(/(?<= {2})(?:STATE|failed|active)/)))).toEqual(new Set([58]));
  expect(table.at(-1)).toMatch(/^check:long\\x0along\\x0a.*… {2}failed/);
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
});
