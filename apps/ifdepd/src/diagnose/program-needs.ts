import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a program needs that a sandbox may withhold. */
export interface ProgramNeeds {
  /** Where it was found; null where it was not. */
  readonly path: string | null;
  /** It opens raw sockets: ping(8) and its like. */
  readonly rawSockets: boolean;
  /** It talks to other hosts. */
  readonly network: boolean;
  /** It has rights by its file: setuid or setgid. */
  readonly rightsOfFile: boolean;
}

const RAW = /(?<![\w-])(?:ping6?|fping6?|arping|nping|hping3|traceroute6?|mtr)(?![\w-])/;

/** Words of scripts, too: only such as mean nothing else. */
const NETWORK =
  /(?<![\w-])(?:curl|wget|ssh|scp|rsync|ncat|netcat|socat|telnet|dig|nslookup|openssl|sendmail|msmtp|snmpget|snmptrap|urllib|requests|http\.client)(?![\w-])|\/dev\/(?:tcp|udp)\//;

/** Names that are common words elsewhere. */
const NETWORK_PROGRAMS: readonly string[] = ['nc', 'host', 'drill', 'mail', 'mailx', 'http', 'xh'];

/** How much of a script is read, in bytes. */
const LONGEST_SCRIPT = 64 * 1024;

/** The mode bits setuid and setgid. */
const RIGHTS_OF_FILE = 0o6000;

/**
 * What the words of a command, and of the script that they name, say that it needs.
 *
 * @param folders where a program is looked for that is named without one
 */
export function needsOf(command: readonly string[], folders: readonly string[]): ProgramNeeds {
  const [program = ''] = command;
  const places = program.includes('/') ? [program] : folders.map((folder) => join(folder, program));
  const found = places.flatMap((place) => fileAt(place) ?? [])[0];
  const words = [basename(program), ...command.slice(1), found?.script ?? ''].join(' ');
  return {
    path: found?.path ?? null,
    rawSockets: RAW.test(words),
    network: NETWORK.test(words) || NETWORK_PROGRAMS.includes(basename(program)),
    rightsOfFile: ((found?.mode ?? 0) & RIGHTS_OF_FILE) !== 0,
  };
}

interface ProgramFile {
  readonly path: string;
  readonly mode: number;
  /** '' of what is no script. */
  readonly script: string;
}

function fileAt(path: string): ProgramFile | null {
  try {
    const fd = openSync(path, 'r');
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
