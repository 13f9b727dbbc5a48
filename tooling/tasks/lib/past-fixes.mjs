import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const app = 'apps/ifdepd/src';
const linkwatch = 'packages/linkwatch/src';

/**
 * A fix of the past, as the source has it, and the same places without it.
 *
 * @typedef {{ readonly what: string, readonly edits: readonly Edit[] }} PastFix
 * @typedef {{ readonly file: string, readonly fixed: string, readonly without: string }} Edit
 */

/**
 * Fixes of what the simulator models. It must find each missing one.
 *
 * @type {readonly PastFix[]}
 */
export const pastFixes = [
  {
    what: 'a driver that could not be asked for a moment is asked again',
    edits: [
      {
        file: `${app}/linux/early-loss/suspects.ts`,
        fixed: '// The next look asks again.\n',
        without: 'this.#mute.add(source);\n',
      },
    ],
  },
  {
    what: 'messages that wait to be read contradict no driver',
    edits: [
      {
        file: `${app}/linux/early-loss/suspects.ts`,
        fixed: 'suspect !== undefined && this.#options.isBehind()',
        without: 'suspect !== undefined && false',
      },
    ],
  },
  {
    what: 'a loss that was reported and is over is not acted on',
    edits: [
      {
        file: `${app}/linux/early-loss/suspects.ts`,
        fixed: ' || this.#hasCarrier(source)) {\n      this.#suspects.delete',
        without: ') {\n      this.#suspects.delete',
      },
      {
        file: `${app}/linux/early-loss/suspects.ts`,
        fixed: 'if (this.#hasCarrier(source)) {\n        this.#clear(source);',
        without: 'if (false) {\n        this.#clear(source);',
      },
    ],
  },
  {
    what: 'early loss looks for two rounds of the kernel after an event',
    edits: [
      {
        file: `${app}/linux/early-loss/look-times.ts`,
        fixed: 'const WINDOW_MS = 2100;',
        without: 'const WINDOW_MS = 1100;',
      },
    ],
  },
  {
    what: 'early loss looks after an action of the daemon',
    edits: [
      {
        file: `${app}/linux/early-loss/look-times.ts`,
        fixed: 'afterAction: extend,',
        without: 'afterAction: () => {},',
      },
    ],
  },
  {
    what: 'a carrier counter that cannot be opened ends nothing',
    edits: [
      {
        file: `${app}/system/kernel.ts`,
        fixed: 'orNull(() => openCarrierCounter(name, options))',
        without: 'openCarrierCounter(name, options)',
      },
    ],
  },
  {
    what: 'a loss that early loss and a message report together counts once',
    edits: [
      {
        file: `${app}/engine/readings.ts`,
        fixed: "return lossOf(id) !== null && reported(id).health === 'active';",
        without: 'return lossOf(id) !== null;',
      },
    ],
  },
  {
    what: 'a list of interfaces that fails below VLANs is asked for again',
    edits: [
      { file: `${app}/daemon/daemon-parts.ts`, fixed: '() => orNull(netif.list)', without: 'netif.list' },
    ],
  },
  {
    what: 'a destination that cannot be read is what it was last',
    edits: [
      {
        file: `${app}/engine/readings.ts`,
        fixed: 'if (!(error instanceof SystemError)) {\n        throw error;',
        without: 'if (error !== undefined) {\n        throw error;',
      },
    ],
  },
  {
    what: 'a destination that could not be read is read again',
    edits: [
      {
        file: `${app}/engine/event-feed.ts`,
        fixed: 'timer ??= eventLoop.setTimer(readAgain, AGAIN_MS);',
        without: 'void readAgain;',
      },
    ],
  },
  {
    what: 'the kernel may refuse to say what a name means',
    edits: [
      {
        file: `${app}/daemon/daemon-parts.ts`,
        fixed: 'orNull(() => netif.resolve(id))',
        without: 'netif.resolve(id)',
      },
      {
        file: `${app}/service/follow-names.ts`,
        fixed: 'orNull(() => netif.resolve(name))',
        without: 'netif.resolve(name)',
      },
      {
        file: `${app}/service/identity-watch.ts`,
        fixed: 'orNull(() => netif.resolve(destination))',
        without: 'netif.resolve(destination)',
      },
    ],
  },
  {
    what: 'a socket that cannot be read is paused, and read again',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: 'if (!(error instanceof SystemError) || this.#readable === undefined) {',
        without: 'if (error !== undefined) {',
      },
    ],
  },
  {
    what: 'a drain with 100 failures in a row ends',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: 'if (failed > MOST_FAILURES) {',
        without: 'if (failed < 0) {',
      },
    ],
  },
  {
    what: 'a socket that is readable and has nothing to read is paused',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: 'this.#emptyWakes > MOST_EMPTY_WAKES && ',
        without: 'this.#emptyWakes < 0 && ',
      },
    ],
  },
  {
    what: 'a socket that stays broken is paused after one more wake-up',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: 'this.#emptyWakes = MOST_EMPTY_WAKES;',
        without: 'this.#emptyWakes = 0;',
      },
    ],
  },
  {
    what: 'a list that does not come is asked for again',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: "listing ? 'stuck' : wantsSnapshot ? 'retry' : null;",
        without: "wantsSnapshot && !listing ? 'retry' : null;",
      },
    ],
  },
  {
    what: 'a list that is refused is asked for again after a pause',
    edits: [
      {
        file: `${linkwatch}/link-reader.ts`,
        fixed: "listing ? 'stuck' : wantsSnapshot ? 'retry' : null;",
        without: "listing ? 'stuck' : null;",
      },
    ],
  },
  {
    what: 'after an overrun every link is listed again',
    edits: [
      {
        file: `${linkwatch}/session.ts`,
        fixed: "this.#counters.overruns++;\n    this.want('overrun');",
        without: 'this.#counters.overruns++;',
      },
    ],
  },
  {
    what: 'a message during a list is newer than the list',
    edits: [
      {
        file: `${linkwatch}/link-list.ts`,
        fixed: 'this.#overtaken.add(index);\n      this.#links.delete(index);',
        without: '',
      },
    ],
  },
  {
    what: 'all messages are read until the filter knows the table',
    edits: [
      {
        file: `${linkwatch}/tracked-links.ts`,
        fixed: 'this.#interest === null || this.rescoped || this.#interest.mayCover(index)',
        without: 'this.#interest === null || this.#interest.mayCover(index)',
      },
    ],
  },
  {
    what: 'a filter that the kernel neither replaces nor removes is set again',
    edits: [
      {
        file: `${linkwatch}/backends/rtnetlink.ts`,
        fixed: "must(this.#libc, detached, 'setsockopt SO_DETACH_FILTER', 'rtnetlink socket');",
        without: 'void [detached, must, this.#libc];',
      },
    ],
  },
  {
    what: 'a request on a socket that cannot be read is given up',
    edits: [
      {
        file: 'packages/netlink/src/client.ts',
        fixed: '!ended() && missed < MOST_MISSED',
        without: '!ended()',
      },
    ],
  },
  {
    what: 'a VLAN that the kernel raised with its parent is set down at once, each time',
    edits: [
      {
        file: `${app}/engine/vlan-parents.ts`,
        fixed: 'return parent !== null && (raised',
        without: 'return false && parent !== null && (raised',
      },
    ],
  },
  {
    what: 'another interface under the name of a destination is another destination',
    edits: [
      {
        file: `${app}/engine/event-feed.ts`,
        fixed: 'return before !== undefined && now !== undefined && before !== now;',
        without: 'return false && before !== now;',
      },
    ],
  },
  {
    what: 'an effect that no longer stands is not applied',
    edits: [
      {
        file: `${app}/engine/policy-loop.ts`,
        fixed: 'if (state.stands(effect)) {',
        without: 'if (effect !== null) {',
      },
    ],
  },
  {
    what: 'a destination that is about to be set is read afterwards',
    edits: [
      {
        file: `${app}/engine/event-feed.ts`,
        fixed: 'if (loop.isDue(id)) {\n      unread.add(id);\n      return;\n    }',
        without: '',
      },
    ],
  },
  {
    what: 'a destination that returns as the interface that was set down is still owned',
    edits: [
      {
        file: `${app}/engine/readings.ts`,
        fixed: "gone.delete(id) && is === 'down' && returned(id)",
        without: "gone.delete(id) && is === 'down' && false",
      },
    ],
  },
  {
    what: 'messages that are queued are read before a deadline is acted on',
    edits: [
      {
        file: `${app}/engine/deadline-timer.ts`,
        fixed: 'const isRead = look();',
        without: 'const isRead = true;',
      },
    ],
  },
  {
    what: 'an earlier process of the same boot is gone on with',
    edits: [
      {
        file: `${app}/service/prepare-daemon.ts`,
        fixed: 'goOn: saved === null ? undefined : goOnFrom(saved, log.write, loop),',
        without: 'goOn: saved === null ? undefined : () => (goOnFrom, null),',
      },
    ],
  },
  {
    what: 'the partial state file of a killed process is removed',
    edits: [
      {
        file: `${app}/state/state-file.ts`,
        fixed: '    tidy();\n    return true;',
        without: '    return true;',
      },
    ],
  },
  {
    what: 'a lock is kept where the name of its holder cannot be written',
    edits: [
      {
        file: `${app}/state/lock-file.ts`,
        fixed: 'evenIfItFails(() => writeSync(fd, identity.padEnd(LONGEST_IDENTITY), 0));',
        without: 'writeSync(fd, identity.padEnd(LONGEST_IDENTITY), 0);',
      },
    ],
  },
  {
    what: 'a lock is given up where the name of its holder cannot be removed',
    edits: [
      {
        file: `${app}/state/lock-file.ts`,
        fixed: 'evenIfItFails(() => ftruncateSync(fd));',
        without: 'ftruncateSync(fd);',
      },
    ],
  },
  {
    what: 'a change is recorded before it is made',
    edits: [
      {
        file: `${app}/state/ledger.ts`,
        fixed: 'file.writeNow(withLast(next));',
        without: 'withLast(next);',
      },
    ],
  },
  {
    what: 'changes that a killed process had announced are resolved at the start',
    edits: [
      {
        file: `${app}/service/prepare-daemon.ts`,
        fixed: 'resolveIntents(noted, settings, libc, tables);',
        without: 'void resolveIntents;',
      },
    ],
  },
  {
    what: 'a line that a crash has cut off is ended',
    edits: [
      { file: `${app}/state/rotating-file.ts`, fixed: '&& last[0] !== 0x0a', without: '&& last[0] === -1' },
    ],
  },
  {
    what: 'a destination that a reload could not release is tried again',
    edits: [
      {
        file: `${app}/service/release-later.ts`,
        fixed: 'if (left.length === 0 || ended.aborted) {',
        without: 'if (left.length >= 0 || ended.aborted) {',
      },
    ],
  },
];

/**
 * The sources without a fix, by path.
 *
 * @param {PastFix} fix
 * @returns {ReadonlyMap<string, string>}
 * @throws {Error} unless each place stands there exactly once
 */
export function withoutFix({ what, edits }) {
  /** @type {Map<string, string>} */
  const changed = new Map();
  for (const { file, fixed, without } of edits) {
    const path = join(root, file);
    const parts = (changed.get(path) ?? readFileSync(path, 'utf8')).split(fixed);
    if (parts.length !== 2) {
      throw new Error(`${file}: the fix '${what}' stands there ${parts.length - 1} times: ${fixed}`);
    }
    changed.set(path, parts.join(without));
  }
  return changed;
}
