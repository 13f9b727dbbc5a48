import { realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isAdvert, isHost } from '../config/advert-target.ts';
import type { ListenAddress, Settings } from '../config/settings.ts';
import { isLoopback } from '../system/rebinding.ts';
import { makeUser } from './bus-user.ts';
import type { Finding } from './findings.ts';
import { programsOf } from './program-findings.ts';
import { needsOf, type ProgramNeeds } from './program-needs.ts';
import { type ServiceSandbox, shippedSandbox } from './service-sandbox.ts';

/** Where the drop-ins are, beside the built program. */
const SHIPPED = resolve(import.meta.dirname, '../service/systemd/drop-ins');

type Fault = readonly [subject: string, message: string];

/**
 * Finds what the sandbox of a unit withholds from a configuration, each with the drop-in that grants it. A program is judged
 * only by its name and the words of its script.
 *
 * @param metrics the address of the metrics; null without
 */
export function sandboxFindings(
  settings: Pick<Settings, 'checks' | 'probes' | 'hooks' | 'destinations'>,
  metrics: ListenAddress | null,
  sandbox: ServiceSandbox,
): readonly Finding[] {
  return [...faults(settings, metrics, sandbox)].map(([subject, message]) => ({
    level: 'warning',
    code: 'sandbox',
    subject,
    message: `${message} (${sandbox.unit})`,
  }));
}

/**
 * The drop-ins of the shipped unit that a configuration needs, by name.
 *
 * @param metrics the address of the metrics; null without
 */
export function dropInsFor(
  settings: Pick<Settings, 'checks' | 'probes' | 'hooks' | 'destinations'>,
  metrics: ListenAddress | null,
): readonly string[] {
  const names = [...faults(settings, metrics, shippedSandbox)].flatMap(([, message]) =>
    message.includes(SHIPPED)
      ? [.../drop-ins\/([\w-]+)\.conf/g[Symbol.matchAll](message)].map(([, name = '']) => name)
      : [],
  );
  return [...new Set(names)];
}

function* faults(
  settings: Pick<Settings, 'checks' | 'probes' | 'hooks' | 'destinations'>,
  metrics: ListenAddress | null,
  sandbox: ServiceSandbox,
): Iterable<Fault> {
  yield* ofStart(sandbox);
  if (metrics !== null && sandbox.localhostOnly && !isLoopback(metrics.host)) {
    const way = install(sandbox, 'network');
    yield [`metrics on ${metrics.host}`, `systemd lets only localhost read them: ${way}`];
  }
  const programs = programsOf(settings).map((one) => ({ ...one, needs: needsOf(one.command, sandbox.path) }));
  const bus = busWay(
    sandbox,
    programs.some(({ needs }) => needs.startsUnits),
  );
  for (const { command, whose, needs } of programs) {
    const fault = programFault(command, needs, sandbox, bus);
    if (fault !== null) {
      yield [whose, fault];
    }
  }
  for (const { name, target } of settings.probes.values()) {
    // A ping may have a datagram socket, which needs no right. IPAddressDeny= does not hold packet sockets back.
    const isStopped =
      isHost(target) && (sandbox.localhostOnly || (target.kind === 'arp' && !sandbox.ownRawSockets));
    const isDeaf = isAdvert(target) && !sandbox.ownRawSockets;
    if (target.kind === 'unit' && bus !== null) {
      yield [`probe ${name}`, bus];
    }
    if (isStopped || isDeaf) {
      yield [
        `probe ${name}`,
        `it ${isDeaf ? 'hears' : 'reaches'} nothing under systemd: ${install(sandbox, 'probes')}`,
      ];
    }
  }
  for (const one of settings.destinations.values()) {
    const path = 'path' in one ? one.path : '';
    const fault = path === '' ? null : fileFault(path, sandbox);
    if (fault !== null) {
      yield [path, fault];
    }
  }
  for (const check of settings.checks.values()) {
    if (check.kind === 'file' && isUnder(check.path, sandbox.hidden)) {
      yield [`check ${check.name}`, `systemd hides ${check.path} from the daemon: keep the file elsewhere`];
    }
  }
}

/** `/usr/bin/env ifdepd`, and the first line of the program, which looks for node in the same way. */
function* ofStart({ byPath, path, hidden, unit }: ServiceSandbox): Iterable<Fault> {
  const way = 'install Node and ifdepd for the whole system: npm install -g --prefix /usr/local ifdepd';
  for (const name of byPath ? ['ifdepd', 'node'] : []) {
    const found = path.map((folder) => realpath(join(folder, name))).find((one) => one !== null) ?? null;
    if (found === null) {
      yield [unit, `there is no ${name} in ${path.join(':')}, where systemd looks for it: ${way}`];
    } else if (isUnder(found, hidden)) {
      yield [unit, `${name} is ${found}, which ProtectHome=yes hides from the daemon: ${way}`];
    }
  }
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** Why the system bus is closed to a unit, and what opens it; null where it is open. @param asRoot something needs root anyway */
function busWay(sandbox: ServiceSandbox, asRoot: boolean): string | null {
  const { unit, refusedUser } = sandbox;
  if (refusedUser === null) {
    return null;
  }
  const way = asRoot
    ? install(sandbox, 'units')
    : `make one that lasts: systemctl stop ${unit}; ${makeUser(refusedUser).join(' ')}; systemctl start ${unit}`;
  return `dbus-daemon refuses ${refusedUser}, a user that systemd makes while the unit runs; ${way}`;
}

/** @param bus why the system bus is closed to the unit; null where it is open */
function programFault(
  [program = '']: readonly string[],
  needs: ProgramNeeds,
  sandbox: ServiceSandbox,
  bus: string | null,
): string | null {
  const name = basename(program);
  // The daemon itself does not find a hidden program.
  const path = needs.path ?? program;
  if (isUnder(path, sandbox.hidden)) {
    return `systemd hides ${path} from the daemon: install it elsewhere`;
  }
  if (needs.rawSockets && !(sandbox.rawSockets && !sandbox.localhostOnly)) {
    return `${name} may open no raw socket under systemd and always fails: ${install(sandbox, 'ping')}`;
  }
  if (needs.network && sandbox.localhostOnly) {
    return `${name} reaches nothing but localhost under systemd: ${install(sandbox, 'network')}`;
  }
  if (needs.startsUnits && !sandbox.startsUnits) {
    return `systemd starts and stops units for root alone: ${install(sandbox, 'units')}`;
  }
  if (needs.asksUnits && bus !== null) {
    return bus;
  }
  return needs.rightsOfFile && sandbox.noNewPrivileges
    ? `NoNewPrivileges=yes keeps ${name} from the rights of its file (setuid): systemctl edit ${sandbox.unit}`
    : null;
}

function fileFault(path: string, sandbox: ServiceSandbox): string | null {
  if (isUnder(path, sandbox.hidden)) {
    return 'systemd hides this directory from the daemon, and what it writes there from others: use /run/ifdepd';
  }
  if (sandbox.writable === null || isUnder(path, sandbox.writable)) {
    return null;
  }
  const way = isUnder(path, ['/run/keepalived'])
    ? install(sandbox, 'track-files')
    : `ReadWritePaths= and the ownership as in ${SHIPPED}/track-files.conf`;
  return `the daemon may not write there under systemd: keep it in /run/ifdepd, or ${way}`;
}

/** The command that installs a drop-in. */
function install({ unit }: ServiceSandbox, name: string): string {
  const folder = `/etc/systemd/system/${unit}.d`;
  return `mkdir -p ${folder} && cp ${SHIPPED}/${name}.conf ${folder} && systemctl daemon-reload`;
}

function isUnder(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}
