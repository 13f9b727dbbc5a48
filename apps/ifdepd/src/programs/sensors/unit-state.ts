import { failed, type Sensed } from './sensed.ts';
import type { SystemBus } from './system-bus.ts';

const SYSTEMD = 'org.freedesktop.systemd1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

/** States in which a unit does its work: it is being reloaded in two of them. */
const WORKING: readonly string[] = ['active', 'reloading', 'refreshing'];

/** The object of a unit: bus_label_escape() of systemd, each byte that is no letter or digit as `_` and two digits. */
export function unitPath(unit: string): string {
  const escaped = [...Buffer.from(unit)].map((byte, at) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z]/.test(letter) || (at > 0 && /\d/.test(letter))
      ? letter
      : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return `/org/freedesktop/systemd1/unit/${escaped.join('')}`;
}

/** The signals of a unit whose properties have changed. */
export function changesOf(unit: string): string {
  return `type='signal',sender='${SYSTEMD}',interface='${PROPERTIES}',member='PropertiesChanged',path='${unitPath(unit)}'`;
}

/** Lets systemd send signals about units to this connection. Once more does no harm. */
export async function subscribe(bus: SystemBus): Promise<void> {
  const manager = {
    destination: SYSTEMD,
    path: '/org/freedesktop/systemd1',
    interface: `${SYSTEMD}.Manager`,
  };
  await bus.call({ ...manager, member: 'Subscribe', body: [] }).catch(() => null);
}

/** Asks for the state of a unit. Rejects where the bus or systemd does not say. */
export async function readUnit(bus: SystemBus, unit: string): Promise<Sensed> {
  const of = { destination: SYSTEMD, path: unitPath(unit), interface: PROPERTIES, member: 'Get' };
  const [load, state, subState] = await Promise.all(
    ['LoadState', 'ActiveState', 'SubState'].map(
      async (property) => (await bus.call({ ...of, body: [`${SYSTEMD}.Unit`, property] })).text,
    ),
  );
  return unitVerdict(unit, load ?? '', state ?? '', subState ?? '');
}

/** A unit is active while it does its work. One that systemd does not know has failed. */
export function unitVerdict(unit: string, load: string, state: string, subState: string): Sensed {
  if (load === 'not-found') {
    return failed(`systemd has no unit ${unit}`);
  }
  const detail = { state, subState };
  const reason = `${unit} is ${state} (${subState})`;
  return WORKING.includes(state) ? { health: 'active', reason, detail } : failed(reason, detail);
}
