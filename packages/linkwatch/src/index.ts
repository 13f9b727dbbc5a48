export type { OperState } from './abi/netlink-abi.ts';
export type { BackendName } from './backends/backend.ts';
export type { LinkCounters } from './counters.ts';
export { type HealthReason, health, type LinkHealth } from './health.ts';
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
} from './link.ts';
export { type LinkListener, type LinkWatch, type WatchLinksOptions, watchLinks } from './watch-links.ts';
