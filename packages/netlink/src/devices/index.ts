export { type BondPort, decodeBondPort, listBondPorts } from './bond-ports.ts';
export { type DeviceLink, decodeDeviceLink, readDeviceLink } from './device-link.ts';
export { decodeLinkModes, type LinkModes, readLinkModes } from './link-modes.ts';
export { decodeWireguardPeers, listWireguardPeers, type WireguardPeer } from './wireguard-peers.ts';
