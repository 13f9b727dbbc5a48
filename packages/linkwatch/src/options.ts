import { objectWith, shown, text, wholeNumber } from '@ifdepd/libc';
import type { WatchLinksOptions } from './watch-links.ts';

/** The range of an int, which setsockopt(2) and timers take. */
const WHOLE = { least: 1, most: 0x7fff_ffff } as const;

const numbers = ['receiveBufferBytes', 'queueLimit', 'pollIntervalMs', 'resyncIntervalMs'] as const;

const backends = ['auto', 'rtnetlink', 'route-socket', 'polling'];

/** @throws {TypeError | RangeError} that names the option and its wrong value */
export function checkOptions(options: WatchLinksOptions): void {
  objectWith('watchLinks: options', options);
  const { libc, abi, signal, backend, interest, loop, waitForList, sysClassNet } = options;
  if (libc !== undefined) {
    checkLibc('watchLinks', libc);
  }
  if (abi !== undefined) {
    objectWith('watchLinks: abi', abi, 'rtm', 'if_msghdr');
  }
  if (signal !== undefined) {
    objectWith('watchLinks: signal', signal, 'addEventListener', 'throwIfAborted');
  }
  for (const name of numbers) {
    if (options[name] !== undefined) {
      wholeNumber(`watchLinks: ${name}`, options[name], WHOLE);
    }
  }
  if (typeof backend === 'string' && !backends.includes(backend)) {
    const known = backends.map((one) => `'${one}'`).join(', ');
    throw new RangeError(
      `watchLinks: backend must be one of ${known}, or a LinkBackend, not ${shown(backend)}`,
    );
  }
  if (backend !== undefined && typeof backend !== 'string') {
    objectWith('watchLinks: backend', backend, 'decoder', 'receive', 'requestSnapshot', 'onReadable');
  }
  if (interest !== undefined) {
    checkList('watchLinks: interest', interest);
  }
  if (loop !== undefined) {
    objectWith('watchLinks: loop', loop, 'now', 'setTimer', 'clearTimer', 'defer', 'cancel');
  }
  if (waitForList !== undefined && typeof waitForList !== 'boolean') {
    throw new TypeError(`watchLinks: waitForList must be true or false, not ${shown(waitForList)}`);
  }
  if (sysClassNet !== undefined) {
    text('watchLinks: sysClassNet', sysClassNet);
  }
}

/** @throws {TypeError} when the value is not a Libc */
export function checkLibc(call: string, libc: unknown): void {
  objectWith(`${call}: libc`, libc, 'target', 'socket', 'readable');
}

/**
 * Reads a list of names once, because an iterator can be read only once.
 *
 * @throws {TypeError} when it is not a list of strings
 */
export function checkNames(what: string, names: Iterable<string>): readonly string[] {
  checkList(what, names);
  return Array.from(names, (name, at) => text(`${what}[${at}]`, name));
}

/** A string is iterable too: 'eth0' would watch the names e, t, h and 0. */
function checkList(what: string, names: unknown): void {
  if (typeof names === 'string') {
    throw new TypeError(
      `${what} must be a list of names, not the string ${shown(names)}: write [${shown(names)}]`,
    );
  }
  if (typeof names !== 'object' || names === null || !(Symbol.iterator in names)) {
    throw new TypeError(`${what} must be a list of names, not ${shown(names)}`);
  }
}
