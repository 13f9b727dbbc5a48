export { SystemError, type SystemErrorKind } from '@ifdepd/libc';
export { AdvertJudge } from './adverts/advert-judge.ts';
export { type AdvertTarget, advertLabel } from './adverts/advert-target.ts';
export {
  type AdvertListener,
  type AdvertStatistics,
  advertObstacle,
  listenForAdverts,
} from './adverts/listen-for-adverts.ts';
export { probeObstacle } from './exchange/probe-obstacle.ts';
export { type Criteria, type FullCriteria, fullCriteria } from './judge/criteria.ts';
export { Judge, type Verdict } from './judge/judge.ts';
export type { ProbeStatistics } from './judge/result-window.ts';
export {
  type OpenProbesOptions,
  openProbes,
  type Probe,
  type ProbeListener,
  type Probes,
} from './open-probes.ts';
export type { ProbeFailure, ProbeResult } from './result.ts';
export type { ProbePath } from './target/path.ts';
export { probeFault } from './target/probe-fault.ts';
export { type ProbeKind, type ProbeTarget, targetLabel } from './target/target.ts';
export { type Pace, Rounds, type Step } from './timing/rounds.ts';
export { TimerWheel, type WheelTimer } from './timing/timer-wheel.ts';
export { type Advert, type AdvertFault, decodeAdvert } from './wire/advert.ts';
