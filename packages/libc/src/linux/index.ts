export { onClockStep } from './clock-steps.ts';
export {
  openRing,
  type Ring,
  type RingCall,
  type RingPoll,
  type RingTransfer,
  type RingUnpoll,
} from './ring.ts';
