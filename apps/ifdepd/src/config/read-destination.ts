import { readInterface, unread } from './read-expression.ts';
import { readPath } from './read-path.ts';
import type { Reader } from './reader.ts';
import { type DestinationSettings, demotionId, type OnExit } from './settings.ts';

/** net/if.c of OpenBSD: the largest counter of a group; nobody needs more of FreeBSD's either. */
const MOST_DEMOTION = 255;

/**
 * Reads one destination of a group; what is wrong with it is noted.
 *
 * @param onExit what the group says; null where it says nothing
 */
export function readDestination(reader: Reader, onExit: OnExit | null): DestinationSettings {
  if (typeof reader.value === 'string' || reader.written !== undefined) {
    const name = readInterface(reader);
    return { id: name, action: 'admin', interface: name, onExit: onExit ?? 'leave' };
  }
  if (reader.has('file')) {
    return readFile(reader, onExit ?? 'leave');
  }
  if (reader.has('demote')) {
    // What is left in a counter nobody would ever take out of it.
    return readDemotion(reader, onExit ?? 'restore');
  }
  if (reader.keys(['interface', 'action', 'file', 'up', 'down', 'demote', 'by']) === undefined) {
    return { id: unread(reader), action: 'admin', interface: '', onExit: 'leave' };
  }
  const name = readInterface(reader.in('interface'));
  const action = reader.has('action') ? reader.in('action').choice(['admin', 'protodown']) : 'admin';
  return { id: name, action, interface: name, onExit: onExit ?? 'leave' };
}

function readFile(reader: Reader, onExit: OnExit): DestinationSettings {
  reader.keys(['file', 'up', 'down']);
  const path = readPath(reader.in('file'));
  const up = reader.in('up').text('the text that means up');
  const down = reader.in('down').text('the text that means down');
  if (up !== '' && up === down) {
    reader.in('down').fail("'up' and 'down' must differ");
  }
  return { id: path === '' ? unread(reader) : path, action: 'file', path, up, down, onExit };
}

function readDemotion(reader: Reader, onExit: OnExit): DestinationSettings {
  reader.keys(['demote', 'by']);
  const group = reader.in('demote').text("the name of an interface group ('carp' is all carp interfaces)");
  if (group !== '' && !/^[^\s/:]{0,14}[^\s/:\d]$/.test(group)) {
    reader
      .in('demote')
      .fail(`is no name of an interface group: 1 to 15 characters, the last of them no digit`);
  }
  const by = reader.has('by') ? reader.in('by').number(1, MOST_DEMOTION) : null;
  return { id: demotionId(group), action: 'demote', group, by, onExit };
}
