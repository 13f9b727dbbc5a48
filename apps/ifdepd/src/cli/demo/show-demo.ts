import { spawnSync } from 'node:child_process';
import { health, type LinkRecord, watchLinks } from '@ifdepd/linkwatch';
import { openNetIf } from '@ifdepd/netif';
import { ExitCode, ExitError, messageOf } from '../../system/errors.ts';
import { realLoop } from '../../system/loop.ts';
import { type DaemonProcess, daemonProcess } from './daemon-process.ts';
import { codeOfSignal, onInterruption } from './interruption.ts';
import { untilSeen } from './observer.ts';

const sources = ['em0', 'bge0'] as const;
const destinations = ['carp0', 'carp1'] as const;
const commandLine = ['-v', '-S', sources.join(':'), '-D', destinations.join(':')];

/** The demo itself, inside its namespace. A signal ends it and the process. */
export async function showDemo(program: string): Promise<number> {
  let interrupted: NodeJS.Signals | undefined;
  let daemon: DaemonProcess | undefined;
  using _interruption = onInterruption(async (signal) => {
    interrupted ??= signal;
    await daemon?.stop();
    process.exit(codeOfSignal(interrupted));
  });
  say('A network namespace, thrown away at the end, with a cable in each interface:');
  buildLab([...sources, ...destinations]);
  await untilSeen({ em0: isActive, bge0: isActive, carp0: isActive, carp1: isActive });
  showState();

  say(`\n# ifdepd ${commandLine.join(' ')}`);
  daemon = daemonProcess(program, commandLine);
  try {
    await daemon.ready;
    await daemon.settled();
    show(daemon.takeLines());
    const cut = await pull('down');
    await showNewLines(daemon);
    showState();
    const repaired = await pull('up');
    await showNewLines(daemon);
    showState();
    say('\nSeen from the kernel, by a process that is not the daemon:');
    say(`  cut     ${cut}`);
    say(`  repair  ${repaired}`);
    return ExitCode.ok;
  } catch (error) {
    if (interrupted === undefined) {
      show(daemon.takeLines());
      say(`\nThe demo failed: ${messageOf(error)}`);
    }
    return ExitCode.failed;
  } finally {
    await daemon.stop();
  }
}

/** Cuts or repairs the cable of em0, waits for the effect on the destinations, and returns how long it took. */
async function pull(to: 'down' | 'up'): Promise<string> {
  using netif = openNetIf();
  say(to === 'down' ? '\nCutting the cable of em0' : '\nRepairing it');
  const isSet = (link: LinkRecord) => link.adminUp === (to === 'up');
  const seeing = untilSeen({
    em0: (link) => isActive(link) === (to === 'up'),
    carp0: isSet,
    carp1: isSet,
  });
  const began = realLoop.now();
  netif.setAdmin(farEnd('em0'), to);
  const seen = await seeing;
  const times = destinations.map(
    (name) => `${name} ${to} after ${microseconds((seen.get(name) ?? 0) - began)}`,
  );
  return times.join(', ');
}

/** Waits for the log lines of the daemon, which it writes after it has acted, and shows them. */
async function showNewLines(daemon: DaemonProcess): Promise<void> {
  const end = realLoop.now() + 1000;
  let lines: readonly string[] = [];
  while (lines.length === 0 && realLoop.now() < end) {
    await new Promise<void>((resolve) => realLoop.setTimer(resolve, 5));
    lines = daemon.takeLines();
  }
  show(lines);
}

function show(lines: readonly string[]): void {
  for (const line of lines) {
    say(`  ${line}`);
  }
}

function isActive(link: LinkRecord): boolean {
  return health(link).health === 'active';
}

function showState(): void {
  using watch = watchLinks();
  for (const name of sources) {
    const { health: state, reason } = health(watch.links.get(name));
    say(`  ${name.padEnd(6)} source       ${state}${state === 'active' ? '' : ` (${reason})`}`);
  }
  for (const name of destinations) {
    say(`  ${name.padEnd(6)} destination  ${watch.links.get(name)?.adminUp === true ? 'up' : 'down'}`);
  }
}

function microseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)} µs`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The far end of a cable: set down, the interface has no carrier. */
function farEnd(name: string): string {
  return `${name}-x`;
}

/**
 * Makes interfaces with a cable in each, up at both ends, in the namespace of this process.
 *
 * @throws {ExitError} with the message of ip(8)
 */
function buildLab(names: readonly string[]): void {
  const lines = names.flatMap((name) => [
    `link add ${name} type veth peer name ${farEnd(name)}`,
    `link set ${farEnd(name)} up`,
    `link set ${name} up`,
  ]);
  const { status, stderr } = spawnSync('ip', ['-batch', '-'], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new ExitError(
      ExitCode.system,
      `cannot make interfaces for the demo: ${stderr.trim()} (is the kernel's veth driver there? modprobe veth)`,
    );
  }
}
