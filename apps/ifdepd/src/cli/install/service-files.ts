import { UsageError } from '../../system/errors.ts';
import type { Installation } from './installation.ts';

/** A system of services that there is a file for. */
export type ServiceSystem = 'systemd' | 'openrc' | 'freebsd' | 'openbsd' | 'netbsd' | 'launchd';

/** A file to be written. */
export interface ServiceFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** How a system of services is dealt with. All of it is values, so that each can be looked at on any system. */
export interface ServiceRules {
  /** The shipped file, within the folder `service` of the package. */
  readonly shipped: string;
  readonly path: string;
  readonly mode: number;
  /** Characters of paths that the file cannot hold, or that its system reads as something else. */
  readonly refused: Readonly<Record<'node' | 'program' | 'config', RegExp>>;
  /** Puts the paths of an installation in place of those of the shipped file. */
  readonly fill: (text: string, installation: Installation) => string;
  /** Whether it can run as another user. */
  readonly takesUser: boolean;
  /** Commands that make a written or removed file known. */
  readonly refresh: readonly (readonly string[])[];
  readonly start: (installation: Installation) => readonly (readonly string[])[];
  readonly stop: readonly (readonly string[])[];
  /** Succeeds while the service runs. */
  readonly isActive: readonly string[];
}

/** Scripts of rc.d and OpenRC split words at white space, and their shell reads the rest of these. */
const inScripts = /[\s"'`$\\;&|<>(){}[\]*?~!#]/;

const NONE = /(?!)/;

const script = { node: inScripts, program: inScripts, config: inScripts };

/** Every system of services, by the name that --system takes. */
export const serviceRules: Readonly<Record<ServiceSystem, ServiceRules>> = {
  systemd: {
    shipped: 'systemd/ifdepd.service',
    // systemd takes no quotes in the path of the program that it starts, and no $ as $$. It strips the end of a condition.
    refused: { node: /["'\\$]/, program: NONE, config: /[\s\\]$/ },
    path: '/etc/systemd/system/ifdepd.service',
    mode: 0o644,
    fill: unit,
    takesUser: true,
    refresh: [['systemctl', 'daemon-reload']],
    start: () => [['systemctl', 'enable', '--now', 'ifdepd']],
    stop: [['systemctl', 'disable', '--now', 'ifdepd']],
    isActive: ['systemctl', 'is-active', '--quiet', 'ifdepd'],
  },
  openrc: {
    shipped: 'openrc/ifdepd',
    refused: script,
    path: '/etc/init.d/ifdepd',
    mode: 0o755,
    fill: (text, { node, program, config }) =>
      replaced(text, [
        [/\/usr\/bin\/env ifdepd/g, `${node} ${program}`],
        [/\/etc\/ifdepd\.conf/g, config],
      ]),
    takesUser: false,
    refresh: [],
    start: () => [
      ['rc-update', 'add', 'ifdepd', 'default'],
      ['rc-service', 'ifdepd', 'start'],
    ],
    stop: [
      ['rc-service', 'ifdepd', 'stop'],
      ['rc-update', 'delete', 'ifdepd', 'default'],
    ],
    isActive: ['rc-service', 'ifdepd', 'status'],
  },
  freebsd: {
    shipped: 'freebsd/ifdepd',
    refused: script,
    path: '/usr/local/etc/rc.d/ifdepd',
    mode: 0o755,
    fill: rcScript('/usr/local/bin'),
    takesUser: false,
    refresh: [],
    start: ({ config }) => [
      ['sysrc', 'ifdepd_enable=YES', `ifdepd_config=${config}`],
      ['service', 'ifdepd', 'start'],
    ],
    stop: [
      ['service', 'ifdepd', 'onestop'],
      ['sysrc', '-x', 'ifdepd_enable', 'ifdepd_config'],
    ],
    isActive: ['service', 'ifdepd', 'onestatus'],
  },
  netbsd: {
    shipped: 'netbsd/ifdepd',
    refused: script,
    path: '/etc/rc.d/ifdepd',
    mode: 0o755,
    fill: rcScript('/usr/pkg/bin'),
    takesUser: false,
    refresh: [],
    start: ({ config }) => [
      ['sh', '-c', `echo 'ifdepd=YES ifdepd_config="${config}"' >> /etc/rc.conf`],
      ['service', 'ifdepd', 'start'],
    ],
    stop: [
      ['service', 'ifdepd', 'onestop'],
      ['sed', '-i', '/^ifdepd=/d', '/etc/rc.conf'],
    ],
    isActive: ['service', 'ifdepd', 'onestatus'],
  },
  openbsd: {
    shipped: 'openbsd/ifdepd',
    refused: script,
    path: '/etc/rc.d/ifdepd',
    mode: 0o755,
    fill: (text, { node, program, config }) =>
      replaced(text, [
        ['daemon="/usr/local/bin/ifdepd"', `daemon="${node} ${program}"`],
        [/\/etc\/ifdepd\.conf/g, config],
      ]),
    takesUser: false,
    refresh: [],
    start: () => [
      ['rcctl', 'enable', 'ifdepd'],
      ['rcctl', 'start', 'ifdepd'],
    ],
    stop: [
      ['rcctl', 'stop', 'ifdepd'],
      ['rcctl', 'disable', 'ifdepd'],
    ],
    isActive: ['rcctl', 'check', 'ifdepd'],
  },
  launchd: {
    shipped: 'launchd/ifdepd.plist',
    refused: { node: NONE, program: NONE, config: NONE },
    path: '/Library/LaunchDaemons/ifdepd.plist',
    mode: 0o644,
    fill: (text, { node, program, config, user }) =>
      replaced(text, [
        ['<string>/usr/bin/env</string>', `<string>${xml(node)}</string>`],
        [
          '<string>ifdepd</string>\n\t\t<string>--wait',
          `<string>${xml(program)}</string>\n\t\t<string>--wait`,
        ],
        [/\/etc\/ifdepd\.conf/g, xml(config)],
        ...(user === null
          ? []
          : [
              [
                '\t<key>RunAtLoad</key>',
                `\t<key>UserName</key>\n\t<string>${xml(user)}</string>\n\t<key>RunAtLoad</key>`,
              ] as const,
            ]),
      ]),
    takesUser: true,
    refresh: [],
    start: () => [['launchctl', 'bootstrap', 'system', '/Library/LaunchDaemons/ifdepd.plist']],
    stop: [['launchctl', 'bootout', 'system/ifdepd']],
    isActive: ['launchctl', 'print', 'system/ifdepd'],
  },
};

/** In no file: control characters, and what stands for bytes that are not UTF-8. */
const NOWHERE = /[\p{Cc}\u2028\u2029\ufffd]/u;

/** A user by name or number. */
const USER = /^[\p{L}\p{N}_][\p{L}\p{N}_.@-]*\$?$/u;

/** Refuses an installation that the service file of a system cannot name. @throws {UsageError} */
export function refuseUnnameable(system: ServiceSystem, installation: Installation): void {
  const { user } = installation;
  if (user !== null && !USER.test(user)) {
    throw new UsageError(`--user ${JSON.stringify(user)}: is neither the name of a user nor a number`);
  }
  for (const [key, refused] of Object.entries(serviceRules[system].refused)) {
    const path = installation[key as keyof ServiceRules['refused']];
    const [found] = NOWHERE.exec(path) ?? refused.exec(path) ?? [];
    if (found !== undefined) {
      const way =
        key === 'config' ? 'give the configuration' : `install ${key === 'node' ? 'Node' : 'ifdepd'} under`;
      throw new UsageError(
        `${JSON.stringify(path)}: a service file of ${system} cannot name a path with ${JSON.stringify(found)} there: ${way} another name`,
      );
    }
  }
}

/** systemd.service(5): what is in a home directory needs ProtectHome=no, and a user who may read it. */
function unit(text: string, { node, program, config, user, inHome }: Installation): string {
  const start = [node, program, '--wait', '-f', config].map(unitWord).join(' ');
  return replaced(text, [
    [/^#.*\n(?:#.*\n)*/, '# Written by ifdepd service install.\n'],
    ['ExecStart=/usr/bin/env ifdepd --wait -f /etc/ifdepd.conf', `ExecStart=${start}`],
    ['ConditionPathExists=/etc/ifdepd.conf', `ConditionPathExists=${config.replaceAll('%', '%%')}`],
    ...(user === null ? [] : [['DynamicUser=yes', `User=${user}`] as const]),
    ...(inHome ? [['ProtectHome=yes', 'ProtectHome=read-only'] as const] : []),
  ]);
}

/** The scripts of FreeBSD and NetBSD. @param folder where their packages have programs */
function rcScript(folder: string): ServiceRules['fill'] {
  return (text, { node, program }) =>
    replaced(text, [
      [`command="${folder}/ifdepd"`, `command="${program}"`],
      [`ifdepd_node:=${folder}/node`, `ifdepd_node:=${node}`],
    ]);
}

/** @throws {Error} where the shipped file does not have one of the texts: a test holds that it has */
function replaced(text: string, pairs: readonly (readonly [from: string | RegExp, to: string])[]): string {
  return pairs.reduce((before, [from, to]) => {
    const after = before.replace(from, () => to);
    if (after === before && !before.includes(to)) {
      throw new Error(`the shipped service file has no ${String(from)}`);
    }
    return after;
  }, text);
}

/** systemd.service(5), *COMMAND LINES*. */
function unitWord(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./@:+%$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
