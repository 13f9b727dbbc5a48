/**
 * The dependency engine of ifdepd(8): sources fail, destinations follow. Pure, no dependencies, runs anywhere.
 *
 * @module
 */
export { compile } from './compile/compile.ts';
export { type IssuePath, PolicyError, type PolicyIssue, type PolicyIssueCode } from './compile/issue.ts';
export type * from './config.ts';
export { stands } from './engine/stands.ts';
export { start } from './engine/start.ts';
export { step } from './engine/step.ts';
export type * from './events.ts';
export { describe } from './explain/describe.ts';
export { type ExplainOptions, explain } from './explain/explain.ts';
export { type Graph, type GraphEdge, type GraphNode, graph, toDot, toMermaid } from './graph.ts';
export type * from './names.ts';
export { everyOutcome, type Outcome } from './outcomes.ts';
export type { Policy } from './policy.ts';
export { type Applied, type Run, type RunChange, type RunOptions, run } from './run.ts';
export { type Restarted, restart } from './saved/restart.ts';
export { recompile, restore, serialize } from './saved/saved.ts';
export {
  type SimulateOptions,
  simulate,
  type TimelineEntry,
  type Trace,
  type TraceEntry,
} from './simulate.ts';
export { type State, StateError, type Step } from './state.ts';
export type * from './status.ts';
