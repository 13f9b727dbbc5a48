export { SystemError, type SystemErrorKind } from '@ifdepd/libc';
export type { OperState } from '@ifdepd/netlink';
export type { CarrierAbi, KernelEventAbi, MediaAbi } from './abi/carrier-abi.ts';
export { netbsd7, routeAbis } from './abi/index.ts';
export type { LinkState, MessageFilter, RouteAbi } from './abi/route-abi.ts';
export type {
  BackendName,
  LinkBackend,
  Received,
} from './backends/backend.ts';
export type { LinkCounters } from './counters.ts';
export {
  asksCarp,
  asksMedia,
  type HealthReason,
  health,
  healthOfCarp,
  type LinkCarp,
  type LinkHealth,
  type LinkMedia,
} from './health.ts';
export type { LinkScope } from './interest.ts';
export {
  type ArrivedEvent,
  type ChangedEvent,
  type DepartedEvent,
  type LinkEvent,
  type LinkRecord,
  type RenamedEvent,
  type SnapshotCause,
  type SnapshotEvent,
  sameLink,
  type TouchedEvent,
} from './link.ts';
export type { LinkListener, LinkWatch } from './link-watch.ts';
export type { ReadingLoop, Waiting } from './reading-loop.ts';
export {
  type AbortSignalLike,
  type WatchLinksOptions,
  watchLinks,
} from './watch-links.ts';
export type { LinkDecoder, LinkReading, LinkSink } from './wire/link-decoder.ts';
