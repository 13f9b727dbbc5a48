export { abis } from './abi/index.ts';
export type { EthtoolLink as EthtoolLinkAbi, IfreqLayout, NetIfAbi } from './abi/netif-abi.ts';
export { interfaceNameFault } from './interface-name.ts';
export type { Admin, IfFlags, Media, NetIf, SetAdmin } from './netif.ts';
export { type OpenNetIfOptions, openNetIf } from './open-netif.ts';
