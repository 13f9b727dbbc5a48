/** The part of a failover that the kernel does for a group by itself. */
export interface FailoverCover {
  /** The sources at whose loss the kernel sets destinations of the group down. */
  readonly armed: readonly string[];
  /** Why there are none; null where there are some. */
  readonly reason: string | null;
}
