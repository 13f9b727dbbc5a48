export { type CarrierCounter, openCarrierCounter } from './carrier-counter.ts';
export { type DownRequest, downRequests, upRequests } from './flag-requests.ts';
