/** What a probe reads from a device of this host, or from its service manager. */
export type SensorTarget = {
  /** Milliseconds between two readings where nothing reports a change. */
  readonly everyMs: number;
} & (
  | { readonly kind: 'speed'; readonly interface: string; readonly atLeastMbps: number }
  | { readonly kind: 'bond'; readonly interface: string; readonly atLeast: number }
  | { readonly kind: 'wireguard'; readonly interface: string; readonly handshakeWithinMs: number }
  | {
      readonly kind: 'errors';
      readonly interface: string;
      readonly atMost: number;
      readonly perMs: number;
    }
  | {
      readonly kind: 'unit';
      /** The unit of systemd, with its suffix. */
      readonly unit: string;
      readonly interface?: never;
    }
);

/** One kind of {@link SensorTarget}. */
export type SensorOf<Kind extends SensorTarget['kind']> = Extract<SensorTarget, { readonly kind: Kind }>;
