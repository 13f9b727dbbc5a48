import type { DeviceLink, LinkModes } from '@ifdepd/netlink/devices';
import type { SensorOf } from '../../config/sensor-target.ts';
import { absence, failed, type Sensed, unanswered } from './sensed.ts';

/** Megabits in a second as a person says them: `100 Mb/s`, `2.5 Gb/s`. */
export function showSpeed(mbps: number): string {
  return mbps < 1000 ? `${mbps} Mb/s` : `${mbps / 1000} Gb/s`;
}

/**
 * A speed is active while it is at least the wanted one. A half duplex fails: it loses frames by collisions at any speed.
 *
 * @param modes null where the driver has none
 */
export function speedVerdict(
  { interface: name, atLeastMbps }: Pick<SensorOf<'speed'>, 'interface' | 'atLeastMbps'>,
  link: DeviceLink | null,
  modes: LinkModes | null,
): Sensed {
  const missing = absence(name, link);
  if (missing !== null) {
    return missing;
  }
  if (link?.carrier === false) {
    return failed(`${name} has no carrier`);
  }
  const { speedMbps, duplex } = modes ?? { speedMbps: null, duplex: null };
  const detail = { speedMbps, duplex };
  if (speedMbps === null) {
    return { ...unanswered(`the driver of ${name} reports no speed`), detail };
  }
  const reason = `speed of ${name} is ${showSpeed(speedMbps)}`;
  if (speedMbps < atLeastMbps) {
    return failed(`${reason}, at least ${showSpeed(atLeastMbps)} is wanted`, detail);
  }
  return duplex === 'half' ? failed(`${name} is half duplex`, detail) : { health: 'active', reason, detail };
}
