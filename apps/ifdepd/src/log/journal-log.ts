import type { Libc } from '@ifdepd/libc';
import { datagramLog, loggerFault } from './datagram-log.ts';
import { bareLine, type LineFormat, PRIORITIES } from './line-format.ts';
import type { Log, LogEntry, LogEvent } from './log.ts';
import { printable } from './printable.ts';

/** The socket of systemd-journald, where it takes fields (systemd's JOURNAL_NATIVE_PROTOCOL). */
const JOURNAL = '/run/systemd/journal/socket';

/** Fields of interfaces in one datagram, at most: one action may set thousands of destinations. */
const MOST_INTERFACES = 64;

/** MESSAGE_ID= of the events that an operator may want to find in the journal. They never change. */
export const MESSAGE_IDS: Partial<Readonly<Record<LogEvent, string>>> = {
  start: '4f567477bb9b47baab1f23011a798249',
  ready: 'a8e1bef154d44e53b3c2d7cdccd7f16f',
  source: '61915f4269d54c71a70e9ada2df1f185',
  transition: '2a27c72d3e7a4baa995eb840de4728fc',
  action: 'fa7ef481ff704cee8d5f8071ac258074',
  'action-failed': 'c1a124bf8b7d4c42a9ccc074e385b8e0',
  'foreign-change': '753a881b1d54406dacb6e2c0b5913fa0',
  reload: '207727cfe26e4014ac2d333fac9b2536',
  'hook-failed': 'bc5a81071fcf4f2aa4be0fbd2d964dbb',
  pause: '08ac5eb7a15b461faa76788105094e2f',
  stop: 'd5d658013f1645e8ba22643ef9947021',
};

/** Whether journald takes fields here. */
export function hasJournal(libc: Libc): boolean {
  return loggerFault(libc, JOURNAL) === null;
}

/**
 * The journal of systemd with fields: the group and the interfaces of an event. Never waits.
 *
 * @param path the socket of journald
 */
export function journalLog(libc: Libc, format: LineFormat = bareLine, path: string = JOURNAL): Log {
  const facility = libc.target.syslog.LOG_DAEMON >> 3;
  return datagramLog(libc, path, (entry) => Buffer.from(fieldsOf(entry, format, facility)), 'the journal');
}

/** `NAME=value` in each line: no value has a line end. */
function fieldsOf(entry: LogEntry, format: LineFormat, facility: number): string {
  const { event, level, fields = {} } = entry;
  const { group, source, sources, destinations, blame } = fields;
  const interfaces = new Set([source, ...namesIn(sources), ...namesIn(destinations), ...namesIn(blame)]);
  const id = MESSAGE_IDS[event];
  return [
    ['MESSAGE', format(entry)],
    ['PRIORITY', PRIORITIES[level]],
    ['SYSLOG_FACILITY', facility],
    ['SYSLOG_IDENTIFIER', 'ifdepd'],
    ...(id === undefined ? [] : [['MESSAGE_ID', id]]),
    ['IFDEPD_EVENT', event],
    ...(typeof group === 'string' ? [['IFDEPD_GROUP', printable(group)]] : []),
    ...[...interfaces]
      .filter((name) => typeof name === 'string')
      .slice(0, MOST_INTERFACES)
      .map((name) => ['IFDEPD_INTERFACE', printable(name)]),
  ]
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function namesIn(names: unknown): readonly unknown[] {
  return Array.isArray(names) ? names : [];
}
