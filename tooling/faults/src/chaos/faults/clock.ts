import { spawnSync } from 'node:child_process';
import { arch } from 'node:os';
import type { Fault } from '../fault.ts';
import { flip } from './links.ts';

/** asm-generic/unistd.h, x86_64: adjtimex(2). */
const NUMBERS: Readonly<Record<string, number>> = { x64: 159, arm64: 171 };

// linux/timex.h: ADJ_SETOFFSET adds what is in struct timex's time, seconds at 72 and microseconds at 80, to the clock.
const script = `my $timex = pack('L x4 q q q q l x4 q q q q q', 0x0100, 0,0,0,0,0,0,0,0, $ARGV[1], $ARGV[2]) . ("\\0" x 256);
exit(syscall($ARGV[0], $timex) < 0);`;

/** Adds a microsecond to the clock of the machine, or subtracts it again. @throws {Error} if that is not permitted */
function step(seconds: number, microseconds: number): void {
  const number = NUMBERS[arch()] ?? -1;
  const words = ['-e', script, `${number}`, `${seconds}`, `${microseconds}`];
  if (spawnSync('perl', words).status !== 0) {
    throw new Error('the clock cannot be set: R15 takes perl and root (CAP_SYS_TIME)');
  }
}

/** How often the daemon has logged that it reads everything again because of a clock. */
const noticed = (lines: readonly string[]): number =>
  lines.filter((line) => /the clock was set/.test(line)).length;

export const clockFaults: readonly Fault[] = [
  {
    id: 'R15',
    name: 'clock set (by a microsecond and back)',
    weight: 1,
    machineWide: true,
    async inject(world) {
      const before = noticed(world.daemon.lines);
      flip(world);
      step(0, 1);
      step(-1, 999_999);
      const end = performance.now() + 20_000;
      while (noticed(world.daemon.lines) === before && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      if (noticed(world.daemon.lines) === before) {
        throw new Error('the daemon has not noticed that the clock was set');
      }
    },
  },
];
