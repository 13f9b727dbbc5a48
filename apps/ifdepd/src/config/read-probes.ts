import { hostTarget } from '@ifdepd/libc';
import { type AdvertTarget, advertFault, type ProbeTarget, probeFault } from '@ifdepd/probe/target';
import { isAdvert } from './advert-target.ts';
import { durationOf } from './duration.ts';
import type { Fault } from './faults.ts';
import { parsePrefix } from './ip-prefix.ts';
import { isLocal, isSensor, type ListTarget } from './local-target.ts';
import { plainValue } from './odd-number.ts';
import { type FileSensor, isFileSensor, sensorTarget } from './read-sensor.ts';
import type { ProbeSettings } from './settings.ts';
import type { FileProbe } from './shape.ts';
import { parseHostAndPort } from './values.ts';

/** The id of a probe as a source: no interface name has a ':'. */
export function probeId(name: string): string {
  return `probe:${name}`;
}

/** A probe of a file that has the shape of one. */
export function readProbe(name: string, probe: FileProbe): ProbeSettings {
  if (isFileSensor(probe)) {
    return { name, target: sensorTarget(probe) };
  }
  if ('route' in probe || 'address' in probe) {
    return { name, target: listTarget(probe) };
  }
  if ('vrrp' in probe || 'peer' in probe) {
    return { name, target: advertTarget(probe) };
  }
  return { name, target: { ...optionsOf(probe), ...subjectOf(probe) } as ProbeTarget };
}

/** A probe of routes or addresses. */
type FileListProbe = Extract<FileProbe, { route: unknown } | { address: unknown }>;
type FileAdvertProbe = Extract<FileProbe, { vrrp: unknown } | { peer: unknown }>;
type FileHostProbe = Exclude<FileProbe, FileListProbe | FileAdvertProbe | FileSensor>;

function listTarget(probe: FileListProbe): ListTarget {
  const { family = 'ipv4' } = probe;
  if ('address' in probe) {
    return { kind: 'address', family, interface: probe.address };
  }
  const through = probe.interface === undefined ? {} : { interface: probe.interface };
  const net = parsePrefix(probe.route) ?? { family, text: family === 'ipv4' ? '0.0.0.0/0' : '::/0' };
  return { kind: 'route', family: net.family, destination: net.text, ...through };
}

function advertTarget(probe: FileAdvertProbe): AdvertTarget {
  const everyMs = durationOf(probe.every);
  return {
    ...('vrrp' in probe
      ? { kind: 'vrrp', vrid: Number(plainValue(probe.vrrp)) }
      : { kind: 'peer', vrid: Number(plainValue(probe.peer)) }),
    interface: probe.interface,
    ...(everyMs === null ? {} : { everyMs }),
  };
}

/** Why a target is none: an address that is none, a link-local one without its interface, what this system does not have. */
export function probeFaults(probes: ReadonlyMap<string, ProbeSettings>): readonly Fault[] {
  return [...probes.values()].flatMap(({ name, target }): readonly Fault[] => {
    const message = faultOf(target);
    return message === null ? [] : [{ path: ['probes', name], what: 'value', message }];
  });
}

function faultOf(target: ProbeSettings['target']): string | null {
  const { platform, rtnetlink } = hostTarget();
  if (isAdvert(target)) {
    return advertFault(target, platform);
  }
  if (isSensor(target)) {
    return rtnetlink ? null : `a probe of '${target.kind}' is available on Linux only`;
  }
  return isLocal(target) ? null : probeFault(target, platform);
}

function subjectOf(probe: FileHostProbe): object {
  if ('ping' in probe) {
    return { kind: 'ping', host: probe.ping };
  }
  if ('arp' in probe) {
    return { kind: 'arp', address: probe.arp };
  }
  if ('tcp' in probe) {
    return { kind: 'tcp', ...parseHostAndPort(probe.tcp) };
  }
  if ('http' in probe) {
    return {
      kind: 'http',
      url: probe.http,
      ...(probe.expect === undefined ? {} : { expect: numberOf(probe.expect) }),
    };
  }
  return { kind: 'dns', name: probe.dns, server: probe.server };
}

/** The settings of every probe of a host, without those that are left out. */
function optionsOf(probe: FileHostProbe): object {
  const options = {
    interface: probe.interface,
    source: probe.source,
    mark: numberOf(probe.mark),
    everyMs: durationOf(probe.every) ?? undefined,
    timeoutMs: durationOf(probe.timeout) ?? undefined,
    rise: numberOf(probe.rise),
    fall: numberOf(probe.fall),
    window: numberOf(probe.window),
    loss: probe.loss === undefined ? undefined : Number.parseFloat(probe.loss) / 100,
    latencyMs: durationOf(probe.latency) ?? undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(plainValue(value));
}
