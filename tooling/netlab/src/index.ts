export { type Cable, cable } from './cable.ts';
export { ip, ipBatch } from './ip.ts';
export { enterNewNamespace, mountSysfs } from './namespace.ts';
export { settle } from './settle.ts';
export { monotonicMs, type SlowCall, type SlowSets, slowSets } from './slow-sets.ts';
export { type Tap, tap, tapFault } from './tap.ts';
export { type LongestTurn, type Turns, turns } from './turns.ts';
export { until } from './until.ts';
