import type { SensorTarget } from './sensor-target.ts';
import type { ProbeSettings } from './settings.ts';

/** A version of IP. */
export type IpFamily = 'ipv4' | 'ipv6';

/** The entry that a probe looks for in the lists of routes and addresses of this host. */
export type ListTarget =
  | {
      readonly kind: 'route';
      readonly family: IpFamily;
      /** The net, in the form of the kernel: `203.0.113.0/24`; `0.0.0.0/0` and `::/0` are the default. */
      readonly destination: string;
      /** The interface that it must lead through. Default: any. */
      readonly interface?: string;
    }
  | { readonly kind: 'address'; readonly family: IpFamily; readonly interface: string };

/** The fact that a probe asks the system of this host for, without a packet. */
export type LocalTarget = ListTarget | SensorTarget;

const LOCAL: Readonly<Record<LocalTarget['kind'], 'list' | 'sensor'>> = {
  route: 'list',
  address: 'list',
  speed: 'sensor',
  bond: 'sensor',
  wireguard: 'sensor',
  errors: 'sensor',
  unit: 'sensor',
};

type Target = ProbeSettings['target'];

/** Whether a probe sends no packet. */
export function isLocal(target: Target): target is LocalTarget {
  return Object.hasOwn(LOCAL, target.kind);
}

/** Whether a probe asks the lists of routes and addresses. */
export function isList(target: Target): target is ListTarget {
  return isLocal(target) && LOCAL[target.kind] === 'list';
}

/** Whether a probe asks a device, or the service manager. */
export function isSensor(target: Target): target is SensorTarget {
  return isLocal(target) && LOCAL[target.kind] === 'sensor';
}

/** The targets of some probes that are of one sort, by the id of the source. */
export function targetsOf<One extends Target>(
  probes: ReadonlyMap<string, ProbeSettings>,
  is: (target: Target) => target is One,
): ReadonlyMap<string, One> {
  return new Map([...probes].flatMap(([id, { target }]) => (is(target) ? [[id, target]] : [])));
}
