import type { InterfaceName } from '@ifdepd/libc';
import type { LinkEvent } from '@ifdepd/linkwatch';
import type { Settings } from '../config/settings.ts';
import { interfacesOf } from '../diagnose/check-host.ts';
import { destinationDriver } from '../engine/destinations/index.ts';
import { type Identities, identitiesOf } from '../identity/identities.ts';
import { askForAll, type InterfaceOf, interfacesNow } from '../identity/interfaces-now.ts';
import { patternMembers } from '../identity/pattern-members.ts';
import { type Log, notice } from '../log/index.ts';
import type { DestinationLocks } from '../state/destination-locks.ts';
import { messageOf } from '../system/errors.ts';
import { openKernel, orNull } from '../system/kernel.ts';
import { type Deferral, type Loop, nextTurn, realLoop, type Timer } from '../system/loop.ts';
import { realPath } from '../system/trusted-path.ts';
import { patternWatch, reportMembers, sameMembers } from './pattern-watch.ts';
import type { Running } from './running.ts';

/** Milliseconds between two looks at names that may move without a message. A look sends one RTM_GETLINK for each name. */
const LOOK_MS = 1000;

/** Looks take at most one part in this many of the time. */
const LOOK_SHARE = 100;

/** Which interfaces the names of a configuration mean, from before the start of a daemon to its end. */
export type IdentityWatch = ReturnType<typeof identityWatch>;

/**
 * Names move: a program gives an alternative name (Linux) to another interface, and then two names mean one interface, or a
 * source is a destination. The kernel reports that only while the interface is up. A name that means no interface, or one
 * that is down, is looked up once a second. On other systems a name does not move while both interfaces exist.
 */
export function identityWatch(libc: Running['libc'], tables: Running['tables'], loop: Loop = realLoop) {
  const kernel = openKernel(libc, tables, loop);
  const { netif } = kernel;
  const moves = netif.features.alternativeNames !== null;
  let now: Identities | undefined;
  /** Alternative names, each with the index of its interface. */
  let others = '';
  /** The last meaning of names that mean nothing now. */
  const meant = new Map<string, InterfaceName>();
  let timer: Timer | undefined;
  let closed = false;
  let followed: Running | undefined;
  const patterns = patternWatch(
    kernel,
    () => {
      if (followed !== undefined && now !== undefined) {
        const { written } = followed;
        const found = patternMembers(written, patterns.candidates(written), now.interfaceOf);
        if (!sameMembers(found, now.members)) {
          change(followed, now);
        }
      }
    },
    loop,
  );
  let soon: Deferral | undefined;
  let listening: Disposable | undefined;
  /** Looks a name up in the table of links, once there is one. */
  let known: (name: string) => InterfaceName | undefined = () => undefined;

  /** @param isOwn whether a name is known to be the own name of its interface */
  function meanings(written: Settings, isOwn: (name: string) => boolean) {
    const { sources, destinations } = interfacesOf(written);
    const found: string[] = [];
    let silent = false;
    for (const name of new Set([...sources, ...destinations])) {
      const one = isOwn(name) ? undefined : orNull(() => netif.resolve(name));
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
  function compare(running: Running): void {
    loop.clearTimer(timer);
    soon = undefined;
    if (closed) {
      return;
    }
    const began = loop.now();
    const found = meanings(running.written, (name) => known(name) !== undefined);
    if (now !== undefined && (found.others !== others || now.heldElsewhere)) {
      change(running, now);
    }
    others = found.others;
    if (found.silent || now?.heldElsewhere === true) {
      timer = loop.setTimer(() => compare(running), Math.max(LOOK_MS, (loop.now() - began) * LOOK_SHARE));
      timer.unref();
    }
  }

  /** Names mean something else: applies that before anything is read again. */
  function change(running: Running, before: Identities): void {
    const { written, locks } = running;
    const next = identitiesOf(written, interfacesNow(netif, known), locks, patterns.candidates(written));
    reportLeftBehind(running, next, before);
    now = next;
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
        destinationDriver(one, { libc, netif }).set('up');
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

  return {
    /** The name of the interface of a destination now, or the path of its file without symbolic links; null where it has none. */
    ownNameOf(destination: string): string | null {
      if (destination.startsWith('/')) {
        return realPath(destination);
      }
      return moves ? (orNull(() => netif.resolve(destination))?.name ?? null) : null;
    },
    /** Lists the interfaces for settings with patterns, while the event loop goes on. */
    listed: patterns.listed,
    /** Asks which interfaces all names of settings mean, without holding the event loop. */
    async resolveAll(written: Settings): Promise<InterfaceOf> {
      await patterns.listed(written);
      const interfaceOf = interfacesNow(netif, known);
      const { sources, destinations } = interfacesOf(written);
      await askForAll([...sources, ...destinations], interfaceOf, () => nextTurn(loop));
      return interfaceOf;
    },
    /**
     * What the names of settings mean now.
     *
     * @param interfaceOf what they mean. Default: the system is asked
     */
    look(
      written: Settings,
      locks: DestinationLocks | null,
      interfaceOf: InterfaceOf = interfacesNow(netif, known),
    ): Identities {
      return identitiesOf(written, interfaceOf, locks, patterns.candidates(written));
    },
    /** Makes these the identities of the daemon. */
    adopt(identities: Identities): void {
      if (followed !== undefined) {
        reportMembers(followed.log, identities.settings, identities.members, now?.members ?? new Map());
      }
      now = identities;
      // What has come and gone since they were looked up was for the settings before.
      patterns.adopt(identities.settings);
    },
    /** Begins to follow what the names mean. */
    follow(running: Running): void {
      followed = running;
      reportMembers(running.log, running.written, now?.members ?? new Map(), new Map());
      if (!moves) {
        return;
      }
      const { links } = running.daemon;
      known = (name) => {
        const link = links.lookUp(name);
        return link?.name === name ? link : undefined;
      };
      others = meanings(running.written, (name) => known(name) !== undefined).others;
      compare(running);
      listening = running.daemon.links.subscribe((event) => {
        if (mayMoveNames(event)) {
          soon ??= loop.defer(() => compare(running));
        }
      });
    },
    /** Why a destination must not be set at present; null where it may. */
    leftAlone: (destination: string): string | null => now?.leftAlone.get(destination) ?? null,
    [Symbol.dispose]() {
      closed = true;
      listening?.[Symbol.dispose]();
      loop.clearTimer(timer);
      loop.cancel(soon);
      patterns[Symbol.dispose]();
      netif.close();
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
export function reportIdentities(log: Log, next: Identities, before: Identities): void {
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
