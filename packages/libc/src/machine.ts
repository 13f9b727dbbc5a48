import { koffi, loadKoffi } from './koffi.ts';
import { hostMachine, type Target, UnsupportedSystemError } from './target.ts';

/** The properties in which the memory layout of structures differs between machines. */
export interface MachineLayout {
  /** 8 on a machine of 64 bits. */
  readonly pointerBytes: number;
  readonly littleEndian: boolean;
}

/**
 * The reason why the tables of a target do not hold on a machine; null when they do.
 *
 * @param name system and processor, such as `linux-arm`
 */
export function machineFault(target: Target, machine: MachineLayout, name: string): string | null {
  const { pointerBytes, littleEndian, otherNumbersOn } = target.layout;
  const processor = name.split('-').at(-1) ?? name;
  if (machine.littleEndian !== littleEndian) {
    return `${name} is ${machine.littleEndian ? 'little' : 'big'}-endian`;
  }
  if (machine.pointerBytes !== pointerBytes) {
    return `${name} has pointers of ${8 * machine.pointerBytes} bits`;
  }
  return otherNumbersOn.includes(processor) ? `${name} uses other numbers for the same calls` : null;
}

/** @throws {UnsupportedSystemError} when the tables of a target do not hold on this machine */
export function refuseOtherMachine(target: Target): void {
  loadKoffi();
  const machine = {
    pointerBytes: koffi.sizeof('void *'),
    littleEndian: new Uint8Array(Uint16Array.of(1).buffer)[0] === 1,
  };
  const fault = machineFault(target, machine, hostMachine());
  if (fault !== null) {
    throw new UnsupportedSystemError(
      `no tables for this machine: ${fault}. The tables for ${target.platform} are for little-endian machines with 64 bits (x64, arm64)`,
    );
  }
}
