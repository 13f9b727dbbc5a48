export { onClockStep } from './clock-steps.ts';
export { openRing, type Ring, type RingCall } from './ring.ts';
