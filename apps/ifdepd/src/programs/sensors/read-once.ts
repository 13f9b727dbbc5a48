import type { Libc } from '@ifdepd/libc';
import type { SensorTarget } from '../../config/sensor-target.ts';
import { realLoop } from '../../system/loop.ts';
import { deviceSensor } from './device-sensor.ts';
import { kernelDevices } from './kernel-devices.ts';
import { type Sensed, unanswered } from './sensed.ts';
import { openSystemBus, SYSTEM_BUS, type SystemBus } from './system-bus.ts';
import { readUnit } from './unit-state.ts';

/**
 * Reads each target once: for `check` and `plan`.
 *
 * @param busPath the socket of the system bus. Default: the usual one
 * @returns by the id of the source
 */
export async function readSensors(
  targets: ReadonlyMap<string, SensorTarget>,
  libc: Libc,
  busPath: string = SYSTEM_BUS,
): Promise<ReadonlyMap<string, Sensed>> {
  using devices = kernelDevices(libc);
  const units = [...targets.values()].flatMap((target) => (target.kind === 'unit' ? [target.unit] : []));
  const states = units.length === 0 ? new Map<string, Sensed>() : await readUnits(units, busPath);
  return new Map(
    [...targets].map(([id, target]) => [
      id,
      target.kind === 'unit'
        ? (states.get(target.unit) ?? unanswered('systemd does not answer'))
        : deviceSensor(target, devices).read(realLoop.now()),
    ]),
  );
}

async function readUnits(units: readonly string[], path: string): Promise<ReadonlyMap<string, Sensed>> {
  let bus: SystemBus | null = null;
  try {
    const opened = await openSystemBus(
      path,
      () => {},
      () => {},
    );
    bus = opened;
    const states = units.map(async (unit) => [unit, await readUnit(opened, unit)] as const);
    return new Map(await Promise.all(states));
  } catch (error) {
    return new Map(units.map((unit) => [unit, unanswered((error as Error).message)]));
  } finally {
    bus?.[Symbol.dispose]();
  }
}
