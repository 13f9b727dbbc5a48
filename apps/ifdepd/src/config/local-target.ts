import type { ProbeSettings } from './settings.ts';

/** A version of IP. */
export type IpFamily = 'ipv4' | 'ipv6';

/** What a probe asks the system of this host for, without a packet. */
export type LocalTarget =
  | {
      readonly kind: 'route';
      readonly family: IpFamily;
      /** The net, in the form of the kernel: `203.0.113.0/24`; `0.0.0.0/0` and `::/0` are the default. */
      readonly destination: string;
      /** The interface that it must lead through. Default: any. */
      readonly interface?: string;
    }
  | { readonly kind: 'address'; readonly family: IpFamily; readonly interface: string };

/** The targets of probes that send no packet, by the id of the source. */
export type LocalTargets = ReadonlyMap<string, LocalTarget>;

/** Whether a probe sends no packet. */
export function isLocal(target: ProbeSettings['target']): target is LocalTarget {
  return target.kind === 'route' || target.kind === 'address';
}

/** Those of some probes that send no packet. */
export function localTargets(probes: ReadonlyMap<string, ProbeSettings>): LocalTargets {
  return new Map([...probes].flatMap(([id, { target }]) => (isLocal(target) ? [[id, target]] : [])));
}
