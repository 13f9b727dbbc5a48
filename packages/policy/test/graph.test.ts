import { expect, test } from 'vitest';
import { compile, graph, toDot, toMermaid } from '../src/index.ts';

const policy = compile({
  groups: {
    gateway: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0'] },
    backup: {
      require: {
        any: [
          { atLeast: '50%', of: ['e0', 'e1', 'e2'] },
          {
            weight: {
              atLeast: 100,
              below: 50,
              of: [
                { source: 'e0', weight: 60 },
                { source: 'e1', weight: 40 },
              ],
            },
          },
          { not: 'maintenance' },
          { group: 'gateway' },
        ],
      },
      destinations: ['vrrp.51', 'carp0'],
    },
    chain: { require: 'vrrp.51', destinations: ['eth9'] },
  },
});

test('graph has a node for each part, and edges in the direction of a failure', () => {
  const { nodes, edges } = graph(policy);
  expect(nodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
    'destination carp0',
    'destination vrrp.51',
    'destination eth9',
    'source em0',
    'source bge0',
    'source e0',
    'source e1',
    'source e2',
    'source maintenance',
    'group gateway: all',
    'gate 2 of 3',
    'gate weight 100 of 100, fails below 50',
    'gate not',
    'group backup: any',
    'group chain',
  ]);
  const label = new Map(nodes.map((node) => [node.id, node.label]));
  const drawn = edges.map((edge) => `${label.get(edge.from)} > ${label.get(edge.to)} ${edge.label}`.trim());
  expect(drawn).toContain('em0 > gateway: all');
  expect(drawn).toContain('e0 > weight 100 of 100, fails below 50 60');
  expect(drawn).toContain('gateway: all > backup: any');
  expect(drawn).toContain('vrrp.51 > chain');
  expect(drawn).toContain('backup: any > carp0');
  expect(drawn).toHaveLength(17);
});

test('toMermaid and toDot draw a graph without nodes as an empty drawing', () => {
  const empty = { nodes: [], edges: [] };
  expect(toMermaid(empty)).toBe('flowchart LR\n');
  expect(toDot(empty)).toBe('digraph policy {\n  rankdir=LR;\n}\n');
});

test('toMermaid and toDot draw a graph', () => {
  const small = graph(compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } }));
  expect(toMermaid(small)).toBe(
    ['flowchart LR', '  n0[["carp0"]]', '  n1(["em0"])', '  n2["g"]', '  n1 --> n2', '  n2 --> n0', ''].join(
      '\n',
    ),
  );
  expect(toDot(small)).toBe(
    [
      'digraph policy {',
      '  rankdir=LR;',
      '  n0 [shape=box3d, label="carp0"];',
      '  n1 [shape=oval, label="em0"];',
      '  n2 [shape=box, label="g"];',
      '  n1 -> n2;',
      '  n2 -> n0;',
      '}',
      '',
    ].join('\n'),
  );
  expect(toMermaid(graph(policy))).toContain('-->|"60"| ');
  expect(toDot(graph(policy))).toContain(' [label="60"];');
});

test('names with special characters are escaped in Mermaid and DOT', () => {
  const hostile = graph(compile({ groups: { 'a"]\n%%': { require: 'b"\\', destinations: ['<c>'] } } }));
  expect(toMermaid(hostile)).toContain('"a#34;#93;#10;%%"');
  expect(toMermaid(hostile)).toContain('#60;c#62;');
  expect(toDot(hostile)).toContain('label="b\\"\\\\"');
});

test('gates in a graph are labelled with their rules', () => {
  const rule = (require: Parameters<typeof compile>[0]['groups'][string]['require']): string | undefined =>
    graph(compile({ groups: { g: { require, destinations: ['d'] } } })).nodes.at(-1)?.label;
  expect(rule('a')).toBe('g');
  expect(rule({ not: 'a' })).toBe('g: not');
  expect(rule({ all: ['a'] })).toBe('g');
  expect(rule({ any: ['a', 'b'] })).toBe('g: any');
  expect(rule({ atLeast: 2, of: ['a', 'b', 'c'] })).toBe('g: 2 of 3');
  expect(rule({ weight: { atLeast: 2, of: [{ source: 'a', weight: 3 }] } })).toBe('g: weight 2 of 3');
});
