export { ask, askStatus, type DaemonStatus } from './ask.ts';
export { badClients } from './bad-clients.ts';
export { busyLoops } from './busy-loops.ts';
export { type ChaosOptions, FAULTS, runChaos, type Tally } from './chaos/run-chaos.ts';
export { type Flood, flood } from './flood.ts';
export { type Observer, observe } from './observer.ts';
export { type ProcessFacts, processFacts } from './process-facts.ts';
export { type Random, random } from './random.ts';
export { type Soak, soak } from './soak.ts';
