import { spawnSync } from 'node:child_process';
import { health } from '@ifdepd/linkwatch';
import { openNetIf } from '@ifdepd/netif';
import { ExitCode, ExitError } from '../../system/errors.ts';
import { type DaemonProcess, daemonProcess } from './daemon-process.ts';
import { codeOfSignal, onInterruption } from './interruption.ts';
import { isActive, isDown, isFailed, isUp, type Observer, observer } from './observer.ts';

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
  using watching = observer();
  const steady = { em0: isActive, bge0: isActive, carp0: isActive, carp1: isActive };
  await watching.see(steady);
  showState(watching);

  say(`\n# ifdepd ${commandLine.join(' ')}`);
  daemon = daemonProcess(program, commandLine);
  try {
    await daemon.ready;
    await daemon.settled();
    show(daemon.takeLines());
    const cut = await pull(watching, 'down');
    await showNewLines(daemon);
    showState(watching);
    const repaired = await pull(watching, 'up');
    await showNewLines(daemon);
    showState(watching);
    say('\nSeen from the kernel, by a process that is not the daemon:');
    say(`  cut     ${cut}`);
    say(`  repair  ${repaired}`);
    return ExitCode.ok;
  } catch (error) {
    if (interrupted === undefined) {
      show(daemon.takeLines());
      say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return ExitCode.failed;
  } finally {
    await daemon.stop();
  }
}

/** Cuts or repairs the cable of em0, waits for the effect on the destinations, and returns how long it took. */
async function pull(watching: Observer, to: 'down' | 'up'): Promise<string> {
  using netif = openNetIf();
  const [title, link, admin] =
    to === 'down' ? ['Cutting the cable of em0', isFailed, isDown] : ['Repairing it', isActive, isUp];
  say(`\n${title}`);
  const seeing = watching.see({ em0: link, carp0: admin, carp1: admin });
  const began = performance.now();
  netif.setAdmin(farEnd('em0'), to);
  const seen = await seeing;
  const times = destinations.map(
    (name) => `${name} ${to} after ${microseconds((seen.get(name) ?? 0) - began)}`,
  );
  return times.join(', ');
}

/** Waits for the log lines of the daemon, which it writes after it has acted, and shows them. */
async function showNewLines(daemon: DaemonProcess): Promise<void> {
  const end = performance.now() + 1000;
  let lines: readonly string[] = [];
  while (lines.length === 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    lines = daemon.takeLines();
  }
  show(lines);
}

function show(lines: readonly string[]): void {
  for (const line of lines) {
    say(`  ${line}`);
  }
}

function showState(watching: Observer): void {
  for (const name of sources) {
    const { health: state, reason } = health(watching.links.get(name));
    say(`  ${name.padEnd(6)} source       ${state}${state === 'active' ? '' : ` (${reason})`}`);
  }
  for (const name of destinations) {
    say(`  ${name.padEnd(6)} destination  ${watching.links.get(name)?.adminUp === true ? 'up' : 'down'}`);
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
