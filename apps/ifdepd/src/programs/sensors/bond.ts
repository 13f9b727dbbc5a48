import type { BondPort, DeviceLink } from '@ifdepd/netlink/devices';
import type { SensorOf } from '../../config/sensor-target.ts';
import { absence, failed, type Sensed } from './sensed.ts';

/**
 * A bond is active while enough of its members can carry packets. A member can while the bond's monitoring finds a link and, with
 * LACP, it distributes in the active aggregator and its partner is not silent. A member that waits as a backup can, too.
 */
export function bondVerdict(
  { interface: name, atLeast }: Pick<SensorOf<'bond'>, 'interface' | 'atLeast'>,
  link: DeviceLink | null,
  ports: readonly BondPort[],
): Sensed {
  const missing = absence(name, link, 'bond');
  if (missing !== null) {
    return missing;
  }
  const aggregator = link?.bond?.aggregator ?? null;
  const faults = ports.flatMap((port) => {
    const fault = faultOf(port, aggregator);
    return fault === null ? [] : [`${port.name} ${fault}`];
  });
  const active = ports.length - faults.length;
  const detail = { activeMembers: active, members: ports.length };
  const warning =
    link?.bond?.monitored === false
      ? {
          warning: `${name} does not monitor the links of its members (miimon and arp_interval are 0): every member counts as active`,
        }
      : {};
  const why = faults.length === 0 ? '' : ` (${faults.join(', ')})`;
  const reason = `${active} of ${ports.length} members of ${name} ${active === 1 ? 'is' : 'are'} active`;
  return {
    ...(active >= atLeast
      ? { health: 'active', reason: `${reason}${why}`, detail }
      : failed(`${reason}, at least ${atLeast} ${atLeast === 1 ? 'is' : 'are'} wanted${why}`, detail)),
    ...warning,
  };
}

/** Why a member carries no packets; null where it can. */
function faultOf({ linked, lacp }: BondPort, aggregator: number | null): string | null {
  if (!linked) {
    return 'has no link';
  }
  if (aggregator === null || lacp === null) {
    return null;
  }
  if (lacp.silent) {
    return 'hears no LACP partner';
  }
  return lacp.aggregator === aggregator && lacp.distributing ? null : 'is not in the active aggregator';
}
