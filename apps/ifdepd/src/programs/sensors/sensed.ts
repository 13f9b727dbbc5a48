import type { SourceHealth } from '../../engine/sources/index.ts';

/** What a sensor has read, in numbers and words: a public format, in `status --json`. */
export type SensorDetail =
  | { readonly speedMbps: number | null; readonly duplex: 'half' | 'full' | null }
  | { readonly activeMembers: number; readonly members: number }
  | { readonly peers: number; readonly answeringPeers: number; readonly handshakeSeconds: number | null }
  | { readonly errors: number }
  | { readonly state: string; readonly subState: string };

/** The result of a sensor. */
export interface Sensed extends SourceHealth {
  /** It is reported when this or the health is another. Default: the reason */
  readonly key?: string;
  readonly detail?: SensorDetail;
  /** What the author of the configuration should know, as a clause: `check` shows it. */
  readonly warning?: string;
}

/** Reads one thing of this host. */
export interface Sensor {
  /** The interfaces whose events may be about it, as of the last reading. */
  readonly names: readonly string[];
  /** Asks the system. @param now monotonic milliseconds. */
  read(now: number): Sensed;
}

export function failed(reason: string, detail?: SensorDetail): Sensed {
  return { health: 'failed', reason, ...(detail && { detail }) };
}

/** A question that this host cannot answer. */
export function unanswered(reason: string): Sensed {
  return { health: 'unknown', reason, warning: `cannot be answered at present: ${reason}` };
}

/** Why an interface cannot be good, whatever is asked of it; null where it may be. */
export function absence(
  name: string,
  link: { readonly up: boolean } | null,
  kind: string | null = null,
): Sensed | null {
  if (link === null) {
    return failed(`there is no interface ${name}`);
  }
  if (kind !== null && 'kind' in link && link.kind !== kind) {
    return unanswered(`${name} is not a ${kind === 'bond' ? 'bond' : 'WireGuard interface'}`);
  }
  return link.up ? null : failed(`${name} is down`);
}
