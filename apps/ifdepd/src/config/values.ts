import { DURATION_FORM, durationOf } from './duration.ts';
import { interfaceOrVhidFault } from './interface-list.ts';
import { parsePrefix } from './ip-prefix.ts';
import { type OddNumber, plainValue } from './odd-number.ts';
import { leaf, type Part, text } from './parts.ts';
import { parseListenAddress } from './settings.ts';

/* The values of the configuration file that are no mapping and no list, each with its JSON Schema. */

const vhid = '([1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])@';
const interfaceName = {
  pattern: `^(?!(${vhid})?\\.{1,2}$)(?!${vhid}.{16})[^\\s/:*?\\[\\p{Cc}]{1,127}$`,
  description:
    'an interface, of 1 to 15 bytes; Linux: or an alternative name, up to 127; FreeBSD: or a vhid of carp(4) with its parent, 1@em0',
};
/** An interface, or a vhid of one. */
export const name = text('an interface name', { ...interfaceName, id: 'interface' }, interfaceOrVhidFault);
/** Names of interfaces, with * and ?. */
export const namePattern = text(
  'a pattern of interface names, such as "eth*"',
  {
    pattern: '^[^\\s/:[\\p{Cc}]{1,127}$',
    description: 'their names or alternative names; * is any characters, ? is one',
  },
  (value) =>
    value.includes('[')
      ? "a pattern has only * (any characters) and ? (one) in it, and no '['"
      : interfaceOrVhidFault(value.replace(/[*?]/g, 'x')),
);
/** A driver of Linux, with * and ?. */
export const driverPattern = text(
  'the name of a driver, such as "mlx5_core"',
  {
    pattern: '^[^\\s:,]{1,31}$',
    description: 'Linux: as ethtool -i prints it; * is any characters, ? is one',
  },
  (value) => (/^[^\s:,]{1,31}$/.test(value) ? null : 'is not the name of a driver (ethtool -i prints it)'),
);
const MAC = '^([\\da-fA-F]{2}([:-][\\da-fA-F]{2}){5,31}|[\\da-fA-F]{4}(\\.[\\da-fA-F]{4}){2,15})$';
/** A hardware address. */
export const mac = text(
  'a hardware address, such as "52:54:00:12:34:56"',
  { pattern: MAC, description: 'Linux: the permanent address of a card, or that of a link without one' },
  (value) => (new RegExp(MAC).test(value) ? null : 'must be a hardware address, such as 52:54:00:12:34:56'),
);
/** The absolute path of a file. */
export const path = text('the path of a file', { pattern: '^/' }, pathFault);

/** A duration. @param least in milliseconds */
export function duration(least: number, more = {}): Part<string | number> {
  const noun = `${DURATION_FORM}${least > 0 ? `, at least ${least}ms` : ''}`;
  const json = {
    anyOf: [
      { type: 'string', pattern: '^(\\d+(\\.\\d+)?|(\\d+(\\.\\d+)?(ms|s|m|h|d))+)$' },
      { type: 'number', minimum: 0 },
    ],
    description: '250ms, 3s, 2m, 1h30m; a plain number is seconds',
    ...more,
  };
  return leaf(noun, json, (value) => ((durationOf(value) ?? -1) < least ? '' : null));
}

/** A whole number within limits. */
export function whole(minimum: number, maximum: number): Part<number> {
  return leaf(
    `a whole number from ${minimum} to ${maximum}`,
    { type: 'integer', minimum, maximum },
    (value) => {
      const number = plainValue(value);
      return Number.isInteger(number) && Number(number) >= minimum && Number(number) <= maximum ? null : '';
    },
  );
}

/** An argument of a program. A number is passed on as it is written: 0.50 and 010 are valid arguments. */
export const argument = leaf<string | number | OddNumber>(
  'a text',
  { type: ['string', 'number'] },
  (value) =>
    typeof value === 'string' && value !== ''
      ? argumentFault(value)
      : typeof plainValue(value) === 'number'
        ? null
        : '',
  'string',
);
/** A number of sources, for the JSON Schema; `compile` judges it. */
export const count = { type: 'integer', minimum: 1 };
const percentage = {
  type: 'string',
  pattern: '^(?!0+(\\.0+)?%$)0*(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$',
};
/** A {@link count} or a percentage. */
export const enough = { anyOf: [count, percentage] };
const howManyText = {
  anyOf: [{ enum: ['all', 'any'] }, percentage, { type: 'string', pattern: '^0*[1-9]\\d*$' }],
};

/** Whether a `require` is how many of the sources are enough, in the words of `--require`. */
function isHowMany(value: unknown): boolean {
  const written = plainValue(value);
  return typeof written !== 'object' && /^(?:all|any|-?\d+|\d+(?:\.\d+)?%)$/.test(String(written));
}

/** How many of the sources are enough, beside `sources`. */
export const howMany = leaf('', { anyOf: [count, ...howManyText.anyOf] }, (value) =>
  isHowMany(value)
    ? null
    : "beside 'sources' this is all, any, a number or a percentage; name the sources in the expression instead, such as 'require: {all: […]}'",
);

/** An interface as the whole of a `require`. */
export const soleName = leaf<string>(
  'an interface name',
  { type: 'string', ...interfaceName, not: howManyText },
  (value) => {
    const word = String(plainValue(value));
    return isHowMany(value)
      ? `'require: ${word}' needs 'sources', the list of them; an interface of that name is written {all: ["${word}"]}`
      : typeof value === 'string' && value !== ''
        ? interfaceOrVhidFault(value)
        : '';
  },
  'string',
);

/** A group of interfaces whose demotion counter is set. */
export const interfaceGroup = text(
  "the name of an interface group ('carp' is all carp interfaces)",
  {
    pattern: '^[^\\s/:]{0,14}[^\\s/:\\d]$',
    description: 'the demotion counter of carp(4): OpenBSD, of this interface group; FreeBSD: carp',
  },
  (group) =>
    /^[^\s/:]{0,14}[^\s/:\d]$/.test(group)
      ? null
      : 'is not the name of an interface group: 1 to 15 characters, and the last is not a digit',
);

/** The address of the metrics. */
export const listen = leaf<string | number>(
  'ADDRESS:PORT or PORT, such as "127.0.0.1:9817" or "[::1]:9817"',
  {
    anyOf: [
      { type: 'string', pattern: '^((\\[[0-9a-fA-F:.]+\\]|[\\w.-]*):)?\\d{1,5}$' },
      { type: 'integer', minimum: 0, maximum: 65_535 },
    ],
    description: 'ADDRESS:PORT, or a port of loopback',
  },
  (value) => (parseListenAddress(String(plainValue(value))) === null ? '' : null),
);

/** A virtual function of an interface: its number after the last '/'. */
export const virtualFunction = text(
  'an interface and the number of its virtual function, such as eth0/3',
  {
    pattern: '^[^\\s/:]{1,127}/\\d{1,5}$',
    description: 'Linux: the link state of a function of an SR-IOV card',
  },
  (value) =>
    /^[^\s/:]{1,127}\/\d{1,5}$/.test(value)
      ? null
      : 'must be an interface and the number of its virtual function, such as eth0/3',
);

/** A share of probes, as `20%`. */
export const share = leaf<string>(
  'a percentage, such as 20%',
  { type: 'string', pattern: '^(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)%$' },
  (value) => (/^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%$/.test(String(value)) ? null : ''),
);

/** A port of a host. */
export const hostAndPort = text(
  'HOST:PORT, such as "198.51.100.7:443" or "[2001:db8::1]:443"',
  { pattern: '^(\\[[^\\]]+\\]|[^\\s:]+):\\d{1,5}$' },
  (value) =>
    parseHostAndPort(value) === null
      ? 'must be HOST:PORT, such as "198.51.100.7:443" or "[2001:db8::1]:443"'
      : null,
);

/** The parts of a {@link hostAndPort}; null where a text is none. */
export function parseHostAndPort(text: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<other>[^\s:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  return match === undefined
    ? null
    : { host: match['six'] ?? match['other'] ?? '', port: Number(match['port']) };
}

/** The default route, or a net. */
export const routeTo = text(
  "'default' or a prefix, such as 203.0.113.0/24",
  { pattern: '^(default|[\\d.a-fA-F:]+/\\d{1,3})$' },
  (value) => {
    const net = parsePrefix(value);
    if (value === 'default' || net?.isNet === true) {
      return null;
    }
    return net === null
      ? "must be 'default' or a prefix, such as 203.0.113.0/24"
      : `has bits beyond its length; write ${net.text}`;
  },
);

/** A speed of an interface. */
export const speed = leaf<string>(
  'a speed, such as 100M, 1G or 2.5G',
  {
    type: 'string',
    pattern: '^\\d+(\\.\\d+)?[MG]$',
    description: 'bits in a second: 100M, 1G, 2.5G',
  },
  (value) => (parseSpeed(String(value)) === null ? '' : null),
);

/** Megabits in a second; null where a text is no {@link speed}. */
export function parseSpeed(text: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([MG])$/.exec(text) ?? [];
  const mbps = Number(count) * (unit === 'G' ? 1000 : 1);
  return mbps > 0 ? mbps : null;
}

/** A unit of systemd: systemd.unit(5). */
const UNIT =
  /^[\w:.@\\-]{1,247}\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
/** The name of a {@link UNIT}. */
export const systemdUnit = text(
  'a unit of systemd with its suffix, such as nginx.service',
  { pattern: UNIT.source },
  (value) => (UNIT.test(value) ? null : 'must be a unit of systemd with its suffix, such as nginx.service'),
);

const FORBIDDEN = '\\p{Cc}\\p{Cs}\\ufffd';
/** The name of a group. */
export const groupName = nameLike(
  '[^\\s/:{}]{1,63}',
  "the name of a group has 1 to 63 characters, no control characters, and no white space, '/' or ':'",
);
/** The name of a check, or of a probe. */
export const checkName = nameLike(
  '[^{}]+',
  'the name of a check or probe has at least one character, and no control characters',
);

/** A name that the file gives. */
function nameLike(form: string, fault: string): Part<string> {
  const pattern = `^${form.replace('{}', FORBIDDEN)}$`;
  const whole = new RegExp(pattern, 'u');
  return leaf('', { type: 'string', pattern }, (value) => (whole.test(String(value)) ? null : fault));
}

/** Bytes of the longest path that systems open (PATH_MAX of Linux with its final NUL; the BSDs have 1024). */
const LONGEST_PATH = 4095;

/** Bytes of the longest name of a file (NAME_MAX). */
const LONGEST_NAME = 255;

/** Bytes of the longest argument of a program (MAX_ARG_STRLEN of Linux with its final NUL). */
const LONGEST_ARGUMENT = 131_071;

/** The fault of a text as the absolute path of a file; null for a valid one. */
function pathFault(path: string): string | null {
  const bytes = Buffer.byteLength(path);
  if (!path.startsWith('/')) {
    return `must be an absolute path, not ${JSON.stringify(path)}`;
  }
  if (bytes > LONGEST_PATH) {
    return `has ${bytes} bytes; a path has at most ${LONGEST_PATH}`;
  }
  if (path.split('/').some((name) => Buffer.byteLength(name) > LONGEST_NAME)) {
    return `has a name of more than ${LONGEST_NAME} bytes in it, which no file has`;
  }
  return characterFault(path);
}

/** The fault of a text as an argument of a program; null for a valid one. */
function argumentFault(argument: string): string | null {
  const bytes = Buffer.byteLength(argument);
  return bytes > LONGEST_ARGUMENT
    ? `has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}`
    : characterFault(argument);
}

/** Systems end a text at the first NUL, and half of a surrogate pair has no bytes. */
function characterFault(text: string): string | null {
  if (text.includes('\0')) {
    return 'has a NUL character in it, which no path and no argument has';
  }
  return /\p{Cs}/u.test(text) ? 'has half of a character in it (a surrogate without its pair)' : null;
}
