import type { PolicyEvent } from './events.ts';
import type { Policy } from './policy.ts';
import type { State, Step } from './state.ts';
import type { Explanation, Status } from './status.ts';

export { compile } from './compile/compile.ts';
export { PolicyError, type PolicyIssue, type PolicyIssueCode } from './compile/issue.ts';
export type * from './config.ts';
export { start } from './engine/start.ts';
export { step } from './engine/step.ts';
export type * from './events.ts';
export type * from './policy.ts';
export type * from './state.ts';
export type * from './status.ts';
/** One moment of a timeline. */
export interface TimelineEntry {
  /** Monotonic milliseconds, never less than the entry before. */
  readonly at: number;
  readonly event: PolicyEvent;
}
/** What happened at one moment of a simulation; `event` is null when a deadline passed. */
export interface TraceEntry {
  readonly at: number;
  readonly event: PolicyEvent | null;
  readonly transitions: Step['transitions'];
  readonly effects: Step['effects'];
}
/** A whole simulation. */
export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly state: State;
}
/** Simulation options. */
export interface SimulateOptions {
  /** Start of the policy. Default: the first entry's time, else 0. */
  readonly start?: number;
  /** Deadlines are followed until then. Default: until none is left. */
  readonly until?: number;
  /** Whether effects take place and are confirmed at once. Default: true. */
  readonly obey?: boolean;
}
/** A node of a {@link Graph}. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'source' | 'gate' | 'group' | 'destination';
  readonly label: string;
}
/** An arrow of a {@link Graph}, in the direction in which a failure travels. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}
/** Who depends on whom. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const soon = (): never => {
  throw new Error('not there yet');
};
/** The state, readable: cheap, without sentences. */
export const describe = (_policy: Policy, _state: State): Status => soon();
/** Why everything is as it is and what would release it. */
export const explain = (_policy: Policy, _state: State): Explanation => soon();
/** Feeds a timeline, follows every deadline. */
export const simulate = (
  _policy: Policy,
  _timeline: readonly TimelineEntry[],
  _options?: SimulateOptions,
): Trace => soon();
/** Continues under another policy: what did not change does not bounce. */
export const recompile = (_old: Policy, _state: State, _next: Policy, _now: number): Step => soon();
/** Versioned JSON text of a state. */
export const serialize = (_policy: Policy, _state: State): string => soon();
/** A state from `serialize`, also under a changed policy; times are moved to `now` (default: the saved now). */
export const restore = (_policy: Policy, _text: string, _now?: number): Step => soon();
/** Nodes and edges. */
export const graph = (_policy: Policy): Graph => soon();
/** Mermaid flowchart text. */
export const toMermaid = (_graph: Graph): string => soon();
/** Graphviz DOT text. */
export const toDot = (_graph: Graph): string => soon();
