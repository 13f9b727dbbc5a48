import { durationOf } from './duration.ts';
import { plainValue } from './odd-number.ts';
import type { SensorTarget } from './sensor-target.ts';
import type { FileProbe } from './shape.ts';
import { parseSpeed } from './values.ts';

/** A probe of a file that reads a device, or asks the service manager. */
export type FileSensor = Extract<
  FileProbe,
  { speed: unknown } | { bond: unknown } | { wireguard: unknown } | { errors: unknown } | { unit: unknown }
>;

/**
 * Milliseconds between two readings where the file names none. A speed changes with the carrier, which is reported; a unit too.
 * A handshake that is missing is missing for minutes.
 */
const EVERY_MS = { speed: 10_000, bond: 1000, wireguard: 5000, errors: 1000, unit: 10_000 } as const;

/** How many readings of an error counter make up its window. */
const READINGS = 10;

/** Whether a probe of a file is one of these kinds. */
export function isFileSensor(probe: FileProbe): probe is FileSensor {
  return Object.keys(EVERY_MS).some((kind) => Object.hasOwn(probe, kind));
}

/** The target of such a probe. */
export function sensorTarget(probe: FileSensor): SensorTarget {
  if ('unit' in probe) {
    return { kind: 'unit', unit: probe.unit, everyMs: EVERY_MS.unit };
  }
  const every = durationOf(probe.every);
  if ('speed' in probe) {
    const atLeastMbps = parseSpeed(probe['at-least']) ?? 0;
    return { kind: 'speed', interface: probe.speed, atLeastMbps, everyMs: every ?? EVERY_MS.speed };
  }
  if ('bond' in probe) {
    const atLeast = Number(plainValue(probe['at-least']));
    return { kind: 'bond', interface: probe.bond, atLeast, everyMs: every ?? EVERY_MS.bond };
  }
  if ('wireguard' in probe) {
    return {
      kind: 'wireguard',
      interface: probe.wireguard,
      handshakeWithinMs: durationOf(probe['handshake-within']) ?? 0,
      everyMs: every ?? EVERY_MS.wireguard,
    };
  }
  const perMs = durationOf(probe.per) ?? 0;
  return {
    kind: 'errors',
    interface: probe.errors,
    atMost: Number(plainValue(probe['at-most'])),
    perMs,
    everyMs: every ?? Math.max(EVERY_MS.errors, perMs / READINGS),
  };
}
