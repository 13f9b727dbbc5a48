import { hostTarget } from '@ifdepd/libc';
import { type ProbeTarget, probeFault } from '@ifdepd/probe/target';
import { durationOf } from './duration.ts';
import type { Fault } from './faults.ts';
import { plainValue } from './odd-number.ts';
import type { ProbeSettings } from './settings.ts';
import type { FileProbe } from './shape.ts';
import { parseHostAndPort } from './values.ts';

/** The id of a probe as a source: no interface name has a ':'. */
export function probeId(name: string): string {
  return `probe:${name}`;
}

/** A probe of a file that has the shape of one. */
export function readProbe(name: string, probe: FileProbe): ProbeSettings {
  return { name, target: { ...optionsOf(probe), ...subjectOf(probe) } as ProbeTarget };
}

/** Why a target is none: an address that is none, a link-local one without its interface, what this system does not have. */
export function probeFaults(probes: ReadonlyMap<string, ProbeSettings>): readonly Fault[] {
  return [...probes.values()].flatMap(({ name, target }): readonly Fault[] => {
    const message = probeFault(target, hostTarget().platform);
    return message === null ? [] : [{ path: ['probes', name], what: 'value', message }];
  });
}

function subjectOf(probe: FileProbe): object {
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

/** What every kind has, without what is not there. */
function optionsOf(probe: FileProbe): object {
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
