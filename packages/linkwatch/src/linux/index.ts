export { type LinkSensor, openLinkSensor } from './link-sensor.ts';
export { type Loss, type LossSocket, openLossSocket } from './loss-socket.ts';
