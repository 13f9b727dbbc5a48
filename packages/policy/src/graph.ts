import { checkList, checkParts, checkPolicy, must } from './check.ts';
import { type Compiled, type Gate, own, type Policy } from './policy.ts';
import { at } from './vec.ts';

/** A node: a source, a destination or both, a group, or a gate inside a requirement. */
export interface GraphNode {
  /** Unique in the graph; safe in Mermaid and DOT. */
  readonly id: string;
  /** `destination` also if it is a source of another group. */
  readonly kind: 'source' | 'gate' | 'group' | 'destination';
  readonly label: string;
}

/** An arrow, in the direction in which a failure travels. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The weight, or empty. */
  readonly label: string;
}

/** The dependencies as plain data, for `toMermaid`, `toDot` or any other drawing. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The dependencies of a policy as nodes and edges. @throws {TypeError} if `compile` did not return the policy */
export function graph(policy: Policy): Graph {
  checkPolicy(policy);
  const { sources, gates, groups: names, targets } = policy as Compiled;
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const outside = new Map<string, string>();
  const add = (kind: GraphNode['kind'], label: string): string => {
    const id = `n${nodes.length}`;
    nodes.push({ id, kind, label });
    return id;
  };
  for (const { id } of targets) outside.set(id, add('destination', id));
  for (const id of sources) outside.set(id, outside.get(id) ?? add('source', id));

  const inside: string[] = [];
  const ranked = [...gates.keys()].sort((one, other) => at(gates, one).rank - at(gates, other).rank);
  for (const number of ranked) {
    const gate = at(gates, number);
    const rule = ruleOf(gate);
    const to =
      gate.group === null ? add('gate', rule) : add('group', at(names, number) + (rule && `: ${rule}`));
    inside[number] = to;
    for (const { to: item, weight } of gate.members) {
      const from = outside.get(sources[item] as string) ?? at(inside, ~item);
      edges.push({ from, to, label: weight > 1 ? `${weight}` : '' });
    }
  }
  for (const { id, groups } of targets) {
    for (const group of groups)
      edges.push({ from: at(inside, group), to: outside.get(id) as string, label: '' });
  }
  return { nodes, edges };
}

function ruleOf({ at: line, below, total, invert, members }: Gate): string {
  if (invert) return 'not';
  if (total > members.length)
    return `weight ${line} of ${total}${below < line ? `, fails below ${below}` : ''}`;
  if (line === total) return total > 1 ? 'all' : '';
  return line === 1 ? 'any' : `${line} of ${total}`;
}

/** The shapes of nodes: around the text in Mermaid, and the name in DOT. */
const SHAPES = {
  source: ['([', '])', 'oval'],
  gate: ['{{', '}}', 'diamond'],
  group: ['[', ']', 'box'],
  destination: ['[[', ']]', 'box3d'],
} as const;

/**
 * A graph as a Mermaid flowchart.
 *
 * @example
 * ```ts
 * import { compile, graph, toMermaid } from '@ifdepd/policy';
 *
 * const policy = compile({ groups: { web: { require: 'db', destinations: ['shop'] } } });
 * console.log(toMermaid(graph(policy)).split('\n')[0]); // flowchart LR
 * ```
 */
export function toMermaid(graph: Graph): string {
  const { nodes, edges } = checkedGraph(graph);
  const text = (label: string): string =>
    `"${label.replace(/[^\w .,:@/%-]/gu, (char) => `#${char.codePointAt(0)};`)}"`;
  return [
    'flowchart LR',
    ...nodes.map(({ id, kind, label }) => `  ${id}${SHAPES[kind][0]}${text(label)}${SHAPES[kind][1]}`),
    ...edges.map(({ from, to, label }) => `  ${from} -->${label && `|${text(label)}|`} ${to}`),
    '',
  ].join('\n');
}

/** A graph in Graphviz' language; one without nodes is an empty drawing. @throws {TypeError} if it is no graph */
export function toDot(graph: Graph): string {
  const { nodes, edges } = checkedGraph(graph);
  const text = (label: string): string => JSON.stringify(label);
  return [
    'digraph policy {',
    '  rankdir=LR;',
    ...nodes.map(({ id, kind, label }) => `  ${id} [shape=${SHAPES[kind][2]}, label=${text(label)}];`),
    ...edges.map(({ from, to, label }) => `  ${from} -> ${to}${label && ` [label=${text(label)}]`};`),
    '}',
    '',
  ].join('\n');
}

function checkedGraph(graph: Graph): Graph {
  checkList(graph?.nodes, 'graph.nodes', (node, at) => {
    checkParts(node, at, 'id', 'label');
    must(own(SHAPES, node.kind) !== undefined, `${at}.kind`, `${Object.keys(SHAPES)}`, node.kind);
  });
  checkList(graph.edges, 'graph.edges', (edge, at) => {
    checkParts(edge, at, 'from', 'label');
    must(typeof edge.to === 'string', `${at}.to`, 'a string', edge.to);
  });
  return graph;
}
