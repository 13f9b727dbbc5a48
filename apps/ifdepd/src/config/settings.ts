import type { PolicyConfig } from '@ifdepd/policy';
import type { AdvertTarget, ProbeTarget } from '@ifdepd/probe/target';
import type { LocalTarget } from './local-target.ts';
import type { Patterns } from './patterns.ts';

/** The settings of a daemon, from the command line or from a file. */
export interface Settings {
  /** While patterns are not matched with the interfaces of a host, as if nothing matched. */
  readonly policy: PolicyConfig;
  /** Interfaces that lists of sources mean without naming them; absent: there are none. */
  readonly patterns?: Patterns;
  /** By id, which is also what the policy calls it. */
  readonly destinations: ReadonlyMap<string, DestinationSettings>;
  /** By the id of the source that each of them is: `check:NAME`. */
  readonly checks: ReadonlyMap<string, CheckSettings>;
  /** By the id of the source that each of them is: `probe:NAME`. */
  readonly probes: ReadonlyMap<string, ProbeSettings>;
  readonly hooks: readonly HookSettings[];
  readonly log: LogSettings;
  readonly metrics: ListenAddress | null;
  /** The file they come from, absolute; null for those of the command line. */
  readonly file: string | null;
}

/** The state that the daemon gives a destination when it ends or no longer manages it. */
export type OnExit = 'leave' | 'restore' | 'up' | 'down';
/** All of them. */
export const ON_EXIT: readonly [OnExit, ...OnExit[]] = ['leave', 'restore', 'up', 'down'];

/** The flag by which an interface is set: IFF_UP, or Linux's IFLA_PROTO_DOWN. */
export type Action = 'admin' | 'protodown';
/** All of them. */
export const ACTIONS: readonly [Action, ...Action[]] = ['admin', 'protodown'];

/** The daemon's answer when another program sets a destination; the first is the default, as in the other lists. */
export const ENFORCE = ['down', 'always', 'never'] as const;

/** Which destinations are set up. */
export const RAISE = ['always', 'owned'] as const;

/** What brings a group up after it was down: its sources, or an operator. */
export const RESTORE = ['auto', 'manual'] as const;

/** How a destination is set. */
export type DestinationSettings = {
  readonly id: string;
  readonly onExit: OnExit;
} /** With `admin`, FreeBSD: a vhid of an interface, `1@em0`, by its advskew. */ & (
  | { readonly action: Action; readonly interface: string }
  /** The demotion counter of carp(4); `by` null: as much as the kernel itself adds for a failed parent. */
  | { readonly action: 'demote'; readonly group: string; readonly by: number | null }
  /** A file that holds one of two texts: keepalived's track_file. */
  | { readonly action: 'file'; readonly path: string; readonly up: string; readonly down: string }
  /** A virtual function of an SR-IOV card, by its link state. */
  | { readonly action: 'vf'; readonly parent: string; readonly vf: number }
  /** A file that holds the weight of a group as a number. */
  | { readonly action: 'weight'; readonly path: string; readonly group: string }
  /** What programs set; `read` prints what it is. */
  | {
      readonly action: 'exec';
      readonly up: readonly string[];
      readonly down: readonly string[];
      readonly read: readonly string[] | null;
      readonly timeoutMs: number;
    }
);

/** The id of a demotion; no interface name has a ':'. */
export function demotionId(group: string): string {
  return `demote:${group}`;
}

/** The group of a {@link demotionId}; null where an id is another one. */
export function demotionGroup(id: string): string | null {
  return id.startsWith('demote:') ? id.slice('demote:'.length) : null;
}

/** The id of a virtual function; no interface name has a ':'. */
export function vfId(parent: string, vf: number): string {
  return `vf:${parent}/${vf}`;
}

/** Something besides interfaces that a group may require. */
export type CheckSettings =
  | {
      readonly name: string;
      readonly kind: 'file';
      readonly path: string;
      readonly activeWhen: 'present' | 'missing';
    }
  | {
      readonly name: string;
      readonly kind: 'exec';
      readonly command: readonly string[];
      readonly everyMs: number;
      readonly timeoutMs: number;
      /** Consecutive successes that make it active, and failures that make it failed. */
      readonly rise: number;
      readonly fall: number;
    };

/** A host that is asked again and again whether it is reachable, a state of this host, or a virtual router. */
export interface ProbeSettings {
  readonly name: string;
  readonly target: ProbeTarget | LocalTarget | AdvertTarget;
}

/** The transitions that a hook can be run for. */
export const HOOK_EVENTS = ['up', 'down', 'any'] as const;

/** A program that is run once for each transition. */
export interface HookSettings {
  readonly on: readonly (typeof HOOK_EVENTS)[number][];
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** How a line of the log is written. */
export const LOG_FORMATS = ['text', 'json'] as const;
/** The destinations of the log; `auto` depends on how the daemon was started. */
export const LOG_TARGETS = ['auto', 'stderr', 'syslog', 'journal'] as const;

/** How the log is written; absent: not said. */
export interface LogSettings {
  readonly format?: (typeof LOG_FORMATS)[number];
  readonly target?: (typeof LOG_TARGETS)[number];
}

/** A TCP address. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * `127.0.0.1:9817`, `[::1]:9817`, `:9817` or `9817`: without an address it is loopback.
 *
 * @returns null where it is no such thing
 */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = /^(?:(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<four>[\w.-]*)):)?(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(match?.['port']);
  if (match === undefined || port > 65_535) {
    return null;
  }
  return { host: match['six'] ?? (match['four'] || '127.0.0.1'), port };
}

/** When drivers are asked for lost carriers, besides the kernel's messages. */
export type EarlyLossMode =
  /** While the kernel may delay a message, and not otherwise. */
  | 'auto'
  /** Never. */
  | 'off'
  /** Always, with this period. */
  | { readonly everyMs: number };
