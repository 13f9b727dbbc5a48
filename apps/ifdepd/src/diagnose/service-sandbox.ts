import { spawnSync } from 'node:child_process';
import { isLastingUser } from './bus-user.ts';

/** What systemd allows a unit, as far as a configuration can need it. */
export interface ServiceSandbox {
  /** `ifdepd.service`. */
  readonly unit: string;
  /** The file behind -f in its ExecStart; null where there is none. */
  readonly config: string | null;
  /** It starts the program with env(1), which searches {@link path}. */
  readonly byPath: boolean;
  /** The folders of programs. */
  readonly path: readonly string[];
  /** Programs may connect only to localhost. */
  readonly localhostOnly: boolean;
  /** A program may open raw sockets, and drop its rights afterwards. */
  readonly rawSockets: boolean;
  /** The daemon itself may open raw sockets. */
  readonly ownRawSockets: boolean;
  /** A program gets no rights by its file: setuid, setgid, capabilities. */
  readonly noNewPrivileges: boolean;
  /** The only writable directories; null where all are. */
  readonly writable: readonly string[] | null;
  /** Directories that it sees differently from other processes: /home, /tmp. */
  readonly hidden: readonly string[];
  /** It is root, for whom alone systemd starts and stops units. */
  readonly startsUnits: boolean;
  /** Its user, where systemd makes it while the unit runs, and the system bus does not accept that; null: it does. */
  readonly refusedUser: string | null;
}

/** The shipped unit. */
export const SHIPPED_UNIT = 'ifdepd.service';

/** What the shipped unit allows, without drop-ins. */
export const shippedSandbox: ServiceSandbox = {
  unit: SHIPPED_UNIT,
  config: '/etc/ifdepd.conf',
  byPath: false,
  path: ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  localhostOnly: true,
  rawSockets: false,
  ownRawSockets: false,
  noNewPrivileges: true,
  writable: ['/run/ifdepd', '/var/lib/ifdepd'],
  hidden: ['/home', '/root', '/run/user', '/tmp', '/var/tmp'],
  startsUnits: false,
  refusedUser: 'ifdepd',
};

/** Milliseconds to wait for the service manager. */
const LIMIT_MS = 2000;

const PROPERTIES = [
  ...['LoadState', 'Id', 'ExecStart', 'Environment', 'IPAddressDeny', 'IPAddressAllow'],
  ...['AmbientCapabilities', 'CapabilityBoundingSet', 'SystemCallFilter', 'NoNewPrivileges'],
  ...['ProtectSystem', 'ProtectHome', 'PrivateTmp', 'ReadWritePaths'],
  ...['RuntimeDirectory', 'StateDirectory', 'CacheDirectory', 'LogsDirectory', 'User', 'DynamicUser'],
];

/** systemd.exec(5), for units of the system. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Asks the service manager about a unit, its drop-ins included.
 *
 * @param unit `ifdepd`, `ifdepd.service`
 * @returns null where there is no systemd, or no such unit
 */
export function readSandbox(unit: string): ServiceSandbox | null {
  const command = ['show', unit, 'dbus.service', `--property=${PROPERTIES.join(',')}`];
  const { status, stdout } = spawnSync('systemctl', command, { encoding: 'utf8', timeout: LIMIT_MS });
  return status === 0 ? parseSandbox(stdout) : null;
}

/**
 * @param text output of `systemctl show` for the unit and dbus.service
 * @param lasts whether a user is in the file of users. Default: the file is read
 * @returns null where there is no such unit
 */
export function parseSandbox(text: string, lasts = isLastingUser): ServiceSandbox | null {
  const [own = '', bus = ''] = text.split(/\n\n/);
  const values = new Map(
    own.split('\n').map((line): [string, string] => {
      const end = line.indexOf('=');
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
  const value = (name: string) => values.get(name) ?? '';
  const list = (name: string) => value(name).split(' ').filter(Boolean);
  const isOn = (name: string) => !['', 'no'].includes(value(name));
  if (value('LoadState') !== 'loaded') {
    return null;
  }
  const calls = value('SystemCallFilter');
  const mayCall = (name: string) =>
    calls === '' || list('SystemCallFilter').includes(name) !== calls.startsWith('~');
  const isRoot = !isOn('DynamicUser') && ['', 'root', '0'].includes(value('User'));
  const noNewPrivileges = isOn('NoNewPrivileges');
  const isBound =
    value('CapabilityBoundingSet') === '' || list('CapabilityBoundingSet').includes('cap_net_raw');
  const byFile = (isRoot || !noNewPrivileges) && isBound;
  const user = value('User') || value('Id').replace(/\.service$/, '');
  // dbus-broker looks up nobody, and dbus.service is a name of its unit.
  const isLookedUp = !/^Id=dbus-broker\.service$/m.test(bus);
  const argv = /argv\[\]=(?<argv>.*?) ; /.exec(value('ExecStart'))?.groups?.['argv']?.split(' ') ?? [];
  return {
    unit: value('Id'),
    config: wordAfter(argv, '-f') ?? wordAfter(argv, '--config') ?? null,
    byPath: argv[0] === '/usr/bin/env',
    path: (/(?:^| )PATH=(\S*)/.exec(value('Environment'))?.[1] ?? DEFAULT_PATH).split(':'),
    localhostOnly:
      list('IPAddressDeny').some((net) => net === '0.0.0.0/0' || net === '::/0') &&
      list('IPAddressAllow').every((net) => net.startsWith('127.') || net === '::1/128'),
    ownRawSockets: list('AmbientCapabilities').includes('cap_net_raw') || (isRoot && isBound),
    rawSockets:
      (byFile || list('AmbientCapabilities').includes('cap_net_raw')) &&
      mayCall('capset') &&
      mayCall('setuid'),
    noNewPrivileges,
    writable: value('ProtectSystem') === 'strict' ? writable(list) : null,
    hidden: [
      ...(['yes', 'tmpfs'].includes(value('ProtectHome')) ? ['/home', '/root', '/run/user'] : []),
      ...(isOn('PrivateTmp') ? ['/tmp', '/var/tmp'] : []),
    ],
    startsUnits: isRoot,
    refusedUser: isOn('DynamicUser') && isLookedUp && !lasts(user) ? user : null,
  };
}

/** A word behind an option, or joined to it. */
function wordAfter(argv: readonly string[], option: string): string | undefined {
  const at = argv.indexOf(option);
  return at >= 0
    ? argv[at + 1]
    : argv.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1);
}

/** systemd.exec(5): what stays writable under ProtectSystem=strict, but for /dev, /proc and /sys. */
function writable(list: (name: string) => readonly string[]): readonly string[] {
  const places = {
    RuntimeDirectory: '/run',
    StateDirectory: '/var/lib',
    CacheDirectory: '/var/cache',
    LogsDirectory: '/var/log',
  };
  return [
    ...list('ReadWritePaths').map((path) => path.replace(/^[-+]+/, '')),
    ...Object.entries(places).flatMap(([name, folder]) =>
      list(name).map((one) => `${folder}/${one.split(':')[0]}`),
    ),
  ];
}
