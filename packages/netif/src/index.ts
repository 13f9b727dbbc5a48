export { SystemError, type SystemErrorKind } from '@ifdepd/libc';
export type {
  CarpAbi,
  CarpNodesLayout,
  CarpreqLayout,
  DemotionAbi,
  GroupDemotion,
  SysctlDemotion,
} from './abi/carp-abi.ts';
export { abis, netbsd8 } from './abi/index.ts';
export type {
  CarrierCounterAbi,
  EthtoolLink,
  IfmediaLink,
  IfreqLayout,
  NetIfAbi,
  RefusedProbe,
  Request,
  SameValueProbe,
} from './abi/netif-abi.ts';
export { interfaceNameFault } from './interface-name.ts';
export type {
  Admin,
  Carp,
  CarpNode,
  CarpState,
  Demoted,
  Hardware,
  IfFlags,
  Media,
  NetIf,
  NetIfFeatures,
  ProtoDown,
  SetAdmin,
  SetAdvskew,
  SetProtoDown,
  SetVfLinkState,
  VfLinkState,
} from './netif.ts';
export { type OpenNetIfOptions, openNetIf } from './open-netif.ts';
export { parseVhidName, type VhidName } from './vhid-name.ts';
