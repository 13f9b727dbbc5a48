import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const wire = 'packages/linkwatch/src/wire';
const app = 'apps/ifdepd/src';

/**
 * A guard of a reader, as its source has it, and the same place without it.
 *
 * @typedef {{ readonly target: string, readonly file: string, readonly what: string, readonly guard: string,
 *   readonly without: string }} Guard
 */

/**
 * For each fuzz target, guards whose removal it must find. A target that does not find them proves nothing.
 *
 * @type {readonly Guard[]}
 */
export const guards = [
  {
    target: 'netlink',
    file: 'packages/netlink/src/wire/attribute-walk.ts',
    what: 'an attribute ends where its message does',
    guard: 'length < NLA_HDRLEN || length > this.#end - at',
    without: 'length < NLA_HDRLEN',
  },
  {
    target: 'netlink',
    file: 'packages/netlink/src/wire/message-walk.ts',
    what: 'a message is not longer than what is left',
    guard: 'size < HEADER_BYTES || size > left',
    without: 'size < HEADER_BYTES',
  },
  {
    target: 'netlink',
    file: `${wire}/ifinfomsg.ts`,
    what: 'a message is long enough for its ifinfomsg',
    guard: 'if (end - at < SIZEOF_IFINFOMSG) {',
    without: 'if (false) {',
  },
  {
    target: 'route-messages',
    file: `${wire}/route-messages.ts`,
    what: 'a message is not longer than what is left',
    guard: 'size < SHORTEST_MESSAGE || size > left',
    without: 'size < SHORTEST_MESSAGE',
  },
  {
    target: 'route-messages',
    file: `${wire}/route-messages.ts`,
    what: 'a message is not empty',
    guard: 'size < SHORTEST_MESSAGE || size > left',
    without: 'size > left',
  },
  {
    target: 'sockaddr-dl',
    file: `${wire}/sockaddr-dl.ts`,
    what: 'a name ends within its address',
    guard: 'size === 0 || SDL_DATA + size > length',
    without: 'size === 0',
  },
  {
    target: 'kernel-events',
    file: `${wire}/kernel-events.ts`,
    what: 'an event is not longer than what is left',
    guard: 'size < event_data || size > left',
    without: 'size < event_data',
  },
  {
    target: 'kernel-events',
    file: `${wire}/kernel-events.ts`,
    what: 'an event is read up to its end',
    guard: 'cursor.limit(at + size);',
    without: '',
  },
  {
    target: 'replies',
    file: 'packages/netif/src/carp.ts',
    what: 'a carp has a state that there is',
    guard: "states[element(layout.carpr_state)] ?? 'init'",
    without: 'states[element(layout.carpr_state)]!',
  },
  {
    target: 'config',
    file: `${app}/config/read-groups.ts`,
    what: 'a list is one',
    guard:
      'destinations: Array.isArray(list) ? members(list, place, true, destination(name, onExit)) : list,',
    without: 'destinations: members(list as readonly unknown[], place, true, destination(name, onExit)),',
  },
  {
    target: 'config',
    file: `${app}/config/document.ts`,
    what: 'a text that cannot be parsed is reported',
    guard: 'const offset = error instanceof TooDeep ? error.offset : 0;',
    without: 'throw error; const offset = 0;',
  },
  {
    target: 'control',
    file: `${app}/control/routes.ts`,
    what: 'only a POST pauses',
    guard: "route.method === (method === 'HEAD' ? 'GET' : method)",
    without: 'true',
  },
  {
    target: 'journal',
    file: `${app}/state/ledger-file.ts`,
    what: 'a record of the ledger says up or down',
    guard: "(last === 'up' || last === 'down')",
    without: 'true',
  },
  {
    target: 'journal',
    file: `${app}/state/journal-entry.ts`,
    what: 'the message of an entry is a text',
    guard: "typeof value.msg === 'string'",
    without: 'true',
  },
  {
    target: 'timeline',
    file: `${app}/cli/commands/timeline.ts`,
    what: 'time does not go back',
    guard: 'at < last',
    without: 'at < 0',
  },
  {
    target: 'lock',
    file: `${app}/system/process-identity.ts`,
    what: 'a process id that is used again names another process',
    guard: "return start === '0' || match['start'] === '0' || start === match['start'] ? pid : null;",
    without: 'return pid;',
  },
];

/**
 * The source of a guard without it.
 *
 * @param {Guard} guard
 * @returns {string}
 * @throws {Error} unless the source has it exactly once
 */
export function withoutGuard({ file, guard, without, what }) {
  const parts = readFileSync(join(root, file), 'utf8').split(guard);
  if (parts.length !== 2) {
    throw new Error(`${file}: the guard '${what}' stands there ${parts.length - 1} times: ${guard}`);
  }
  return parts.join(without);
}
