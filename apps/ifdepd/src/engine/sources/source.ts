import type { LinkWatch } from '@ifdepd/linkwatch';
import type { NetIf, NetIfFeatures } from '@ifdepd/netif';
import type { SourceReading } from '@ifdepd/policy';

/** The kinds of sources. A new one begins here: the types then name every place that has to know it. */
export type Kind = 'interface' | 'vhid' | 'check' | 'probe' | 'pattern';

/** The health of a source, and the reason. */
export type SourceHealth = Pick<SourceReading, 'health' | 'reason'>;

/** The parts that a source is read from. */
export interface SourceHost {
  readonly links: Pick<LinkWatch, 'lookUp'>;
  readonly netif: Pick<NetIf, 'features' | 'media' | 'carp'>;
}

/** A source of one kind: all that the daemon has to know of it. */
export interface SourceOf<K extends Kind> {
  readonly kind: K;
  /** Its name in the policy. */
  readonly id: string;
  /** Its name for a person. */
  readonly label: string;
  /** Names of interfaces whose messages may be about it. */
  readonly names: readonly string[];
  /** The name that must mean something at the start, and is compared with destinations; null where there is none. */
  readonly interface: string | null;
  /** Whether it fails as the carrier of its interface is lost: early loss and kernel failover attend to it. */
  readonly followsCarrier: boolean;
  /** Whether its reason says something even while it is active. */
  readonly hasActiveReason: boolean;
  /** Reads its health. Synchronous, a few system calls at most. Null: it cannot be read, it is fed. */
  readonly read: ((host: SourceHost) => SourceHealth) | null;
  /** Whether no message reports its changes: then it is read once a second. */
  isSilent(host: SourceHost): boolean;
  /** Whether the system has what it is about. @throws {SystemError} where the system does not say */
  exists(netif: Pick<NetIf, 'flags' | 'carp'>): boolean;
  /** Why this system cannot watch it, and what to write instead; null where it can. */
  fault(features: NetIfFeatures): string | null;
}

/** A source of any kind. */
export type Source = { readonly [K in Kind]: SourceOf<K> }[Kind];

/** Makes the source that an id means; null where it means one of another kind. */
export type SourceMaker<K extends Kind> = (
  id: string,
  features: Pick<NetIfFeatures, 'carp'>,
) => SourceOf<K> | null;
