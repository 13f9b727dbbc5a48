export { type CarrierCounter, openCarrierCounter } from './carrier-counter.ts';
export { type DownRequest, downRequests } from './down-requests.ts';
