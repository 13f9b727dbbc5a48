export { SystemError, type SystemErrorKind } from '@ifdepd/libc';
export type { OperState } from './abi/links.ts';
export { linux } from './abi/linux.ts';
export { NetlinkClient, type NetlinkClientOptions, type NetlinkRequest } from './client.ts';
export { decodeFamily, type GenericFamily, genericPayload, resolveFamily } from './generic.ts';
export { NetlinkSession, type SessionSink, SINGLE_REQUEST } from './session.ts';
export { type NetlinkReceived, NetlinkSocket, netlinkAddress } from './socket/netlink-socket.ts';
export { type NetlinkSocketOptions, openNetlinkSocket } from './socket/open-netlink-socket.ts';
export { SocketFilter } from './socket/socket-filter.ts';
export { AttributeWalk } from './wire/attribute-walk.ts';
export {
  type Attribute,
  attributeOf,
  attributesByType,
  attributesIn,
  numberIn,
  textIn,
} from './wire/attributes.ts';
export { type BpfInstruction, loaded16, loaded32, loadedBytes } from './wire/bpf.ts';
export { Encoder, type MessageHeader } from './wire/encoder.ts';
export { DecodeError } from './wire/format.ts';
export { MessageWalk, type NetlinkMessage, payloadOf } from './wire/message-walk.ts';
export { Span } from './wire/span.ts';
export {
  decodeStruct,
  encodeStruct,
  type Field,
  type StructLayout,
  type StructValues,
} from './wire/struct.ts';
