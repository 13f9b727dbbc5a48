import { realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ListenAddress, Settings } from '../config/settings.ts';
import { isLoopback } from '../system/rebinding.ts';
import type { Finding } from './findings.ts';
import { needsOf } from './program-needs.ts';
import type { ServiceSandbox } from './service-sandbox.ts';

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
  { checks, hooks, destinations }: Pick<Settings, 'checks' | 'hooks' | 'destinations'>,
  metrics: ListenAddress | null,
  sandbox: ServiceSandbox,
): readonly Finding[] {
  const programs: Fault[] = [
    ...[...checks.values()].flatMap((check) =>
      check.kind === 'exec' ? ofProgram(`check ${check.name}`, check.command, sandbox) : [],
    ),
    ...hooks.flatMap(({ on, command }) => ofProgram(`hook on ${on.join(', ')}`, command, sandbox)),
  ];
  const files = [...destinations.values()].flatMap((one) =>
    one.action === 'file' ? ofFile(one.path, sandbox) : [],
  );
  const watched = [...checks.values()].flatMap((check): Fault[] =>
    check.kind === 'file' && isUnder(check.path, sandbox.hidden)
      ? [[`check ${check.name}`, `systemd hides ${check.path} from the daemon: keep the file elsewhere`]]
      : [],
  );
  return [...ofStart(sandbox), ...ofMetrics(metrics, sandbox), ...programs, ...files, ...watched].map(
    ([subject, message]) => ({
      level: 'warning',
      code: 'sandbox',
      subject,
      message: `${message} (${sandbox.unit})`,
    }),
  );
}

/** `/usr/bin/env ifdepd`, and the first line of the program, which looks for node in the same way. */
function ofStart({ byPath, path, hidden, unit }: ServiceSandbox): readonly Fault[] {
  const way = 'install Node and ifdepd for the whole system: npm install -g --prefix /usr/local ifdepd';
  return (byPath ? ['ifdepd', 'node'] : []).flatMap((name): readonly Fault[] => {
    const found = path.map((folder) => realpath(join(folder, name))).find((one) => one !== null);
    if (found === undefined) {
      return [[unit, `there is no ${name} in ${path.join(':')}, where systemd looks for it: ${way}`]];
    }
    return isUnder(found ?? '', hidden)
      ? [[unit, `${name} is ${found}, which ProtectHome=yes hides from the daemon: ${way}`]]
      : [];
  });
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function ofMetrics(metrics: ListenAddress | null, sandbox: ServiceSandbox): readonly Fault[] {
  return metrics === null || !sandbox.localhostOnly || isLoopback(metrics.host)
    ? []
    : [
        [
          `metrics on ${metrics.host}`,
          `systemd lets only localhost read them: ${install(sandbox, 'network')}`,
        ],
      ];
}

function ofProgram(whose: string, command: readonly string[], sandbox: ServiceSandbox): readonly Fault[] {
  const [program = ''] = command;
  const name = basename(program);
  const needs = needsOf(command, sandbox.path);
  // The daemon itself does not find a hidden program.
  const path = needs.path ?? program;
  if (isUnder(path, sandbox.hidden)) {
    return [[whose, `systemd hides ${path} from the daemon: install it elsewhere`]];
  }
  if (needs.rawSockets && !(sandbox.rawSockets && !sandbox.localhostOnly)) {
    return [
      [whose, `${name} may open no raw socket under systemd and always fails: ${install(sandbox, 'ping')}`],
    ];
  }
  if (needs.network && sandbox.localhostOnly) {
    return [[whose, `${name} reaches nothing but localhost under systemd: ${install(sandbox, 'network')}`]];
  }
  return needs.rightsOfFile && sandbox.noNewPrivileges
    ? [
        [
          whose,
          `NoNewPrivileges=yes keeps ${name} from the rights of its file (setuid): systemctl edit ${sandbox.unit}`,
        ],
      ]
    : [];
}

function ofFile(path: string, sandbox: ServiceSandbox): readonly Fault[] {
  if (isUnder(path, sandbox.hidden)) {
    return [
      [
        path,
        'systemd hides this directory from the daemon, and what it writes there from others: use /run/ifdepd',
      ],
    ];
  }
  if (sandbox.writable === null || isUnder(path, sandbox.writable)) {
    return [];
  }
  const way = isUnder(path, ['/run/keepalived'])
    ? install(sandbox, 'track-files')
    : `ReadWritePaths= and the ownership as in ${SHIPPED}/track-files.conf`;
  return [[path, `the daemon may not write there under systemd: keep it in /run/ifdepd, or ${way}`]];
}

/** The command that installs a drop-in. */
function install({ unit }: ServiceSandbox, name: string): string {
  const folder = `/etc/systemd/system/${unit}.d`;
  return `mkdir -p ${folder} && cp ${SHIPPED}/${name}.conf ${folder} && systemctl daemon-reload`;
}

function isUnder(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}
