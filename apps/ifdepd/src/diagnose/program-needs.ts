import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a program needs that a sandbox may withhold. */
export interface ProgramNeeds {
  /** Its file; null where it was not found. */
  readonly path: string | null;
  /** It opens raw sockets, as ping(8) does. */
  readonly rawSockets: boolean;
  /** It talks to other hosts. */
  readonly network: boolean;
  /** It asks systemd about units, over the system bus. */
  readonly asksUnits: boolean;
  /** It starts or stops units, which systemd does for root alone. */
  readonly startsUnits: boolean;
  /** It has rights by its file: setuid or setgid. */
  readonly rightsOfFile: boolean;
}

const RAW = /(?<![\w-])(?:ping6?|fping6?|arping|nping|hping3|traceroute6?|mtr)(?![\w-])/;

/** Searched in scripts, too: only words with one meaning. */
const NETWORK =
  /(?<![\w-])(?:curl|wget|ssh|scp|rsync|ncat|netcat|socat|telnet|dig|nslookup|openssl|sendmail|msmtp|snmpget|snmptrap|urllib|requests|http\.client)(?![\w-])|\/dev\/(?:tcp|udp)\//;

const ASKS_UNITS = /(?<![\w-])systemctl(?![\w-])/;

const STARTS_UNITS =
  /(?<![\w-])(?:systemd-run|systemctl(?:\s+-\S+)*\s+(?:(?:try-)?(?:re)?start|stop|reload(?:-or-restart)?|kill|isolate))(?![\w-])/;

/** Names that are common words elsewhere. */
const NETWORK_PROGRAMS: readonly string[] = ['nc', 'host', 'drill', 'mail', 'mailx', 'http', 'xh'];

/** How many bytes of a script are read. */
const LONGEST_SCRIPT = 64 * 1024;

/** The mode bits setuid and setgid. */
const RIGHTS_OF_FILE = 0o6000;

/**
 * What a command needs, by the words of the command and of its script.
 *
 * @param folders the folders of a program that is named without one
 */
export function needsOf(command: readonly string[], folders: readonly string[]): ProgramNeeds {
  const [program = ''] = command;
  const places = program.includes('/') ? [program] : folders.map((folder) => join(folder, program));
  const found = places.flatMap((place) => fileAt(place) ?? [])[0];
  const text = [basename(program), ...command.slice(1), found?.script ?? ''].join(' ');
  return {
    path: found?.path ?? null,
    rawSockets: RAW.test(text),
    network: NETWORK.test(text) || NETWORK_PROGRAMS.includes(basename(program)),
    asksUnits: ASKS_UNITS.test(text),
    startsUnits: STARTS_UNITS.test(text),
    rightsOfFile: ((found?.mode ?? 0) & RIGHTS_OF_FILE) !== 0,
  };
}

interface ProgramFile {
  readonly path: string;
  readonly mode: number;
  /** '' for any other file. */
  readonly script: string;
}

function fileAt(path: string): ProgramFile | null {
  try {
    // O_NONBLOCK: a named pipe without a writer is no program.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(fd);
      const bytes = Buffer.alloc(stat.isFile() ? Math.min(stat.size, LONGEST_SCRIPT) : 0);
      const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
      return stat.isFile() ? { path, mode: stat.mode, script: text.startsWith('#!') ? text : '' } : null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
