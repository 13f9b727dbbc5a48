export { type AdvertTarget, advertFault, advertLabel } from '../adverts/advert-target.ts';
export type { Criteria } from '../judge/criteria.ts';
export type { Pace } from '../timing/rounds.ts';
export type { ProbePath } from './path.ts';
export { probeFault } from './probe-fault.ts';
export { type ProbeKind, type ProbeTarget, targetLabel } from './target.ts';
