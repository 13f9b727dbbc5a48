/** The part of a failover that the kernel does for a group by itself. */
export interface FailoverCover {
  /** The sources at whose loss, or repair, the kernel sets destinations of the group. */
  readonly armed: readonly string[];
  /** Upon what: the repair of a source while the group is down, else the loss. */
  readonly upon: 'loss' | 'repair';
  /** Why there are none; null where there are some. */
  readonly reason: string | null;
}
