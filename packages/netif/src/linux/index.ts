export { type CarrierCounter, openCarrierCounter } from './carrier-counter.ts';
export { downRequests } from './down-requests.ts';
