export { openRing, type Ring, type RingCall } from './ring.ts';
