import type { ProbeNumbers } from '../programs/probes.ts';
import type { Family } from './text-format.ts';

/** A gauge of probes, or a counter. */
interface Gauge {
  readonly name: string;
  readonly type?: 'counter';
  readonly help: string;
  /** Null for a probe that has no such number at present. */
  readonly of: (numbers: ProbeNumbers) => number | null;
}

const GAUGES: readonly Gauge[] = [
  {
    name: 'ifdepd_probe_rtt_seconds',
    help: 'The mean round trip of the last answers to a probe.',
    of: (numbers) => ('sent' in numbers ? numbers.rttMs && numbers.rttMs / 1000 : null),
  },
  {
    name: 'ifdepd_probe_loss_ratio',
    help: 'The share of the last probes without an answer, from 0 to 1.',
    of: (numbers) => ('sent' in numbers ? numbers.loss : null),
  },
  {
    name: 'ifdepd_probe_speed_bits_per_second',
    help: 'The speed of the interface of a probe.',
    of: (numbers) => ('speedMbps' in numbers ? numbers.speedMbps && numbers.speedMbps * 1e6 : null),
  },
  {
    name: 'ifdepd_probe_active_members',
    help: 'The members of a bond that can carry packets.',
    of: (numbers) => ('activeMembers' in numbers ? numbers.activeMembers : null),
  },
  {
    name: 'ifdepd_probe_answering_peers',
    help: 'The peers of a WireGuard interface that answer.',
    of: (numbers) => ('answeringPeers' in numbers ? numbers.answeringPeers : null),
  },
  {
    name: 'ifdepd_probe_handshake_age_seconds',
    help: 'The time since the last handshake with any peer of a WireGuard interface.',
    of: (numbers) => ('handshakeSeconds' in numbers ? numbers.handshakeSeconds : null),
  },
  {
    name: 'ifdepd_probe_errors',
    help: 'The receive errors of an interface within the window of a probe.',
    of: (numbers) => ('errors' in numbers ? numbers.errors : null),
  },
  {
    name: 'ifdepd_probe_adverts_total',
    type: 'counter',
    help: 'Advertisements of the virtual router of a probe that were heard.',
    of: (numbers) => ('heard' in numbers ? numbers.heard : null),
  },
  {
    name: 'ifdepd_probe_ignored_packets_total',
    type: 'counter',
    help: 'Packets of VRRP or CARP that a probe ignored: another VRID, malformed, a wrong checksum or hop limit.',
    of: (numbers) => ('heard' in numbers ? numbers.ignored : null),
  },
];

/** The gauges of probes; a gauge that no probe has is left out. @param probes numbers by the id of the source */
export function probeFamilies(probes: ReadonlyMap<string, ProbeNumbers>): readonly Family[] {
  return GAUGES.flatMap(({ of, ...gauge }): readonly Family[] => {
    const samples = [...probes].flatMap(([source, numbers]) => {
      const value = of(numbers);
      return value === null ? [] : [{ labels: { source }, value }];
    });
    return samples.length === 0 ? [] : [{ type: 'gauge', ...gauge, samples }];
  });
}
