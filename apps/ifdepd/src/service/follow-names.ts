import type { InterfaceName } from '@ifdepd/libc';
import type { LinkEvent } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import type { Settings } from '../config/settings.ts';
import { interfacesOf } from '../diagnose/check-host.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { type Identities, identitiesOf } from '../identity/identities.ts';
import { interfacesNow } from '../identity/interfaces-now.ts';
import { type Candidate, patternMembers } from '../identity/pattern-members.ts';
import { type Log, notice } from '../log/index.ts';
import { messageOf } from '../system/errors.ts';
import { orNull } from '../system/kernel.ts';
import type { Deferral, Loop, Timer } from '../system/loop.ts';
import { sameMembers } from './pattern-watch.ts';
import { reportMembers } from './report-members.ts';
import type { Running } from './running.ts';

/** Milliseconds between two looks at names that may move without a message. A look sends one RTM_GETLINK for each name. */
const LOOK_MS = 1000;

/** Looks take at most one part in this many of the time. */
const LOOK_SHARE = 100;

/** What the names of a daemon are followed with. */
export interface NamesToFollow {
  readonly netif: NetIf;
  readonly loop: Loop;
  /** What they mean now: replaced when they mean something else. Nothing, until it is adopted. */
  readonly meaning: { now: Identities | undefined };
  /** Looks up the own name of an interface in the table of links. */
  readonly known: (name: string) => InterfaceName | undefined;
  /** All interfaces, where there are patterns. */
  readonly candidates: (written: Settings) => readonly Candidate[];
}

/** Follows what the names of a configuration mean. */
export type NamesFollowed = ReturnType<typeof followNames>;

/**
 * Names move: a program gives an alternative name (Linux) to another interface, and then two names mean one interface, or a
 * source is a destination. The kernel reports that only while the interface is up. A name that means no interface, or one
 * that is down, is looked up once a second. On other systems a name does not move while both interfaces exist.
 */
export function followNames(running: Running, { netif, loop, meaning, known, candidates }: NamesToFollow) {
  const moves = netif.features.alternativeNames !== null;
  /** Alternative names, each with the index of its interface. */
  let others = '';
  /** The last meaning of names that mean nothing now. */
  const meant = new Map<string, InterfaceName>();
  let timer: Timer | undefined;
  let soon: Deferral | undefined;
  let listening: Disposable | undefined;
  let closed = false;

  function meanings(written: Settings) {
    const { sources, destinations } = interfacesOf(written);
    const found: string[] = [];
    let silent = false;
    for (const name of new Set([...sources, ...destinations])) {
      const one = known(name) !== undefined ? undefined : orNull(() => netif.resolve(name));
      if (one === null || (one !== undefined && one.name !== name)) {
        silent ||= one === null || isDown(one.name);
        found.push(...(one === null ? [] : [`${name} ${one.index}`]));
      }
    }
    return { others: found.join('\n'), silent };
  }

  function isDown(name: string): boolean {
    try {
      return !netif.flags(name).up;
    } catch {
      return false;
    }
  }

  /** Compares the meanings of names with those of the last look. */
  function compare(): void {
    loop.clearTimer(timer);
    soon = undefined;
    if (closed) {
      return;
    }
    const began = loop.now();
    const found = meanings(running.written);
    if (meaning.now !== undefined && (found.others !== others || meaning.now.heldElsewhere)) {
      change(meaning.now);
    }
    others = found.others;
    if (found.silent || meaning.now?.heldElsewhere === true) {
      timer = loop.setTimer(compare, Math.max(LOOK_MS, (loop.now() - began) * LOOK_SHARE));
      timer.unref();
    }
  }

  /** Names mean something else: applies that before anything is read again. */
  function change(before: Identities): void {
    const { written, locks } = running;
    const next = identitiesOf(written, interfacesNow(netif, known), locks, candidates(written));
    reportLeftBehind(running, next, before);
    meaning.now = next;
    if (!isSame(next.spellings.one, before.spellings.one) || !sameMembers(next.members, before.members)) {
      const gone = [...running.settings.destinations.keys()].filter(
        (id) => !next.settings.destinations.has(id),
      );
      running.locks?.drop(gone);
      // The reload disarms the kernel failover of the former names before it releases anything.
      running.daemon.replace(next.settings, () => {
        raiseLeftAlone(running, next, before);
        running.settings = next.settings;
      });
    } else {
      raiseLeftAlone(running, next, before);
    }
    // The table of links does not know that a name has moved without a message.
    running.daemon.resync();
    reportIdentities(running.log, next, before);
    reportMembers(running.log, written, next.members, before.members);
  }

  /** Sets up what is left alone from now on and is down by ifdepd: a destination that depends on itself would stay down for ever. */
  function raiseLeftAlone({ settings, ledger, log }: Running, next: Identities, before: Identities): void {
    for (const id of next.leftAlone.keys()) {
      const one = settings.destinations.get(id);
      const index = before.interfaceOf(id)?.index;
      const ours = ledger.owned(id) && index !== undefined && index === next.interfaceOf(id)?.index;
      if (one === undefined || before.leftAlone.has(id) || !ours) {
        continue;
      }
      const fields = { destinations: [id], to: 'up', cause: 'on-exit' };
      try {
        destinationDriver(one, { libc: running.libc, netif }).set('up');
        ledger.forget(id);
        const message = `${id}: set up before it is left alone`;
        log.write({ event: 'action', level: 'notice', message, fields });
      } catch (error) {
        const message = `${id}: cannot be set up: ${messageOf(error)}`;
        log.write({ event: 'action-failed', level: 'err', message, fields });
      }
    }
  }

  /** Reports an interface that ifdepd holds down and that no name of the configuration means any more. */
  function reportLeftBehind({ ledger, log }: Running, next: Identities, before: Identities): void {
    for (const id of before.settings.destinations.keys()) {
      const was = before.interfaceOf(id) ?? meant.get(id);
      const is = next.interfaceOf(id);
      if (was !== undefined) {
        meant.set(id, was);
      }
      if (is === null) {
        continue;
      }
      meant.delete(id);
      if (was !== undefined && was.index !== is.index && ledger.owned(id) && isDown(was.name)) {
        ledger.forget(id);
        const message = `${id}: means ${is.name} from now on; ${was.name} was set down under this name and remains down: ip link set ${was.name} up`;
        notice(log, 'warning', message, { destinations: [id] });
      }
    }
  }

  reportMembers(running.log, running.written, meaning.now?.members ?? new Map(), new Map());
  if (moves) {
    others = meanings(running.written).others;
    compare();
    listening = running.daemon.links.subscribe((event) => {
      if (mayMoveNames(event)) {
        soon ??= loop.defer(compare);
      }
    });
  }

  return {
    /** Reports the sources that come and go with other identities. */
    reportMembers: (next: Identities): void =>
      reportMembers(running.log, next.settings, next.members, meaning.now?.members ?? new Map()),
    /** Called when patterns may match others than before. */
    matchAgain(): void {
      const { written } = running;
      if (meaning.now !== undefined) {
        const found = patternMembers(written, candidates(written), meaning.now.interfaceOf);
        if (!sameMembers(found, meaning.now.members)) {
          change(meaning.now);
        }
      }
    },
    [Symbol.dispose]() {
      closed = true;
      listening?.[Symbol.dispose]();
      loop.clearTimer(timer);
      loop.cancel(soon);
    },
  };
}

/** Whether names may mean something else after an event, or may move without a message from now on. */
function mayMoveNames(event: LinkEvent): boolean {
  if (event.type !== 'changed') {
    return event.type !== 'touched';
  }
  const { link, was } = event;
  return link.adminUp !== was.adminUp || link.altNames.join(' ') !== was.altNames.join(' ');
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

/** Reports the names that mean something else than before. */
function reportIdentities(log: Log, next: Identities, before: Identities): void {
  const report = (id: string, level: 'err' | 'notice', text: string): void =>
    notice(log, level, `${id}: ${text}`, { destinations: [id] });
  for (const [id, why] of next.leftAlone) {
    if (before.leftAlone.get(id) !== why) {
      report(id, 'err', why);
    }
  }
  for (const id of before.leftAlone.keys()) {
    if (!next.leftAlone.has(id)) {
      report(id, 'notice', 'no longer left alone');
    }
  }
  const [one, other] = [next.spellings.one, before.spellings.one];
  for (const [id, name] of one) {
    if (other.get(id) !== name) {
      report(id, 'notice', `the same interface as ${name} from now on: one destination`);
    }
  }
  for (const [id, name] of other) {
    if (!one.has(id)) {
      report(id, 'notice', `another interface than ${name} from now on: a destination of its own`);
    }
  }
}
