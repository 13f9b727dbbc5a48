import type { BondPort } from '@ifdepd/netlink/devices';
import type { SensorTarget } from '../../config/sensor-target.ts';
import { realLoop } from '../../system/loop.ts';
import { bondVerdict } from './bond.ts';
import { errorWindow } from './errors.ts';
import type { KernelDevices } from './kernel-devices.ts';
import { absence, type Sensed, type Sensor, unanswered } from './sensed.ts';
import { speedVerdict } from './speed.ts';
import { peerJudge } from './wireguard.ts';

/** A target that is read from the kernel. */
export type DeviceTarget = Exclude<SensorTarget, { readonly kind: 'unit' }>;

/** Makes the sensor of a target. */
export function deviceSensor(target: DeviceTarget, devices: KernelDevices): Sensor {
  const { interface: name } = target;
  switch (target.kind) {
    case 'speed':
      return reading([name], () => {
        const link = devices.link(name);
        return speedVerdict(target, link, link?.carrier === true ? devices.modes(link) : null);
      });
    case 'bond':
      return bondSensor(target, devices);
    case 'wireguard': {
      const judge = peerJudge(target);
      return reading([name], (now) => {
        const link = devices.link(name);
        const missing = absence(name, link, 'wireguard');
        return missing ?? judge(link === null ? [] : devices.peers(link), now, realLoop.wallNow());
      });
    }
    case 'errors': {
      // No event is about a counter.
      const judge = errorWindow(target);
      return reading([], (now) => judge(devices.link(name), now));
    }
  }
}

function bondSensor(target: Extract<DeviceTarget, { kind: 'bond' }>, devices: KernelDevices): Sensor {
  let ports: readonly BondPort[] = [];
  return {
    get names() {
      return [target.interface, ...ports.map(({ name }) => name)];
    },
    read: orUnanswered(() => {
      const link = devices.link(target.interface);
      ports = link?.kind === 'bond' ? devices.ports(link) : [];
      return bondVerdict(target, link, ports);
    }),
  };
}

function reading(names: readonly string[], read: (now: number) => Sensed): Sensor {
  return { names, read: orUnanswered(read) };
}

/** A kernel that refuses has not said that anything failed. */
function orUnanswered(read: (now: number) => Sensed): (now: number) => Sensed {
  return (now) => {
    try {
      return read(now);
    } catch (error) {
      return unanswered((error as Error).message);
    }
  };
}
