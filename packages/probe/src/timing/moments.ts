/** All targets of one pace are probed at this many times of their interval: a wake-up costs the process more than a probe. */
const MOMENTS = 4;

/**
 * When a target is probed first: at one of four moments within its interval, which all targets of its pace share.
 *
 * @param nowMs on the clock of the wheel
 * @param random from 0 up to 1: which of them
 */
export function firstMomentMs(nowMs: number, everyMs: number, random: number): number {
  const apartMs = everyMs / MOMENTS;
  return (Math.ceil(nowMs / apartMs) + Math.floor(random * MOMENTS)) * apartMs;
}
