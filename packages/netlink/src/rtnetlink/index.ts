export { addressBytes, addressText } from '../wire/address-text.ts';
export { decodeAddress, type KernelAddress, listAddresses } from './addresses.ts';
export { decodeLinkDetails, type LinkDetails, listLinkDetails } from './link-details.ts';
export { type LostAddresses, lostAddresses } from './lost-addresses.ts';
export { decodeNeighbour, type KernelNeighbour, listNeighbours } from './neighbours.ts';
export { decodeNextHopObject, type KernelNextHopObject, listNextHopObjects } from './next-hops.ts';
export { decodeRoute, type KernelNextHop, type KernelRoute, listRoutes, routeTo } from './routes.ts';
