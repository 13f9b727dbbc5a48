import type { Libc, Platform } from '@ifdepd/libc';
import type { LinkCounters, LinkWatch } from '@ifdepd/linkwatch';
import type { Explanation, GroupStatus, PolicyEvent, Status } from '@ifdepd/policy';
import type { EarlyLossMode } from '../config/settings.ts';
import type { Intend } from '../engine/actuator.ts';
import type { DaemonRules } from '../engine/daemon-rules.ts';
import type { AnyDriver, PresenceOf, Programs } from '../engine/destinations/index.ts';
import type { Explainer } from '../engine/explain-parts.ts';
import type { FailoverCover } from '../engine/failover-cover.ts';
import type { Decision } from '../engine/policy-loop.ts';
import type { PrepareIntents } from '../engine/prepared-intents.ts';
import type { GoOn } from '../engine/resume.ts';
import type { EarlyLossCounts } from '../linux/early-loss/carrier-probe.ts';
import type { Log } from '../log/index.ts';
import type { KernelFailoverCounts } from '../report/metrics.ts';
import type { SystemTables } from '../system/kernel.ts';
import type { Loop } from '../system/loop.ts';

/** Options of a daemon. */
export interface DaemonOptions extends DaemonRules {
  readonly log: Log;
  /** The system to work on: its calls, with its target. Default: this one. */
  readonly libc?: Libc;
  /** The numbers of that system. Default: those of the libc's target. */
  readonly tables?: SystemTables;
  /** Whether the links are listed before anything else happens. Default: true. */
  readonly waitForList?: boolean;
  /** Decide and report, set nothing. Default: false. */
  readonly dryRun?: boolean;
  /** When drivers are asked for the carrier: with 'auto', while the kernel may delay the message of a loss. Default: 'auto'. */
  readonly earlyLoss?: EarlyLossMode;
  /** Whether the code of a failover is run after the start, changing nothing, so that the first failover is fast. Default: false. */
  readonly warmUp?: boolean;
  /** Whether the kernel sets destinations down by itself upon a loss (io_uring, Linux 5.12), where it can. Default: false. */
  readonly kernelFailover?: boolean;
  /** Whether an earlier process lowered a destination, as a journal says. */
  readonly owned?: (destination: string) => boolean;
  /** Called with each whose name another interface has than the one that was lowered: the journal has to forget that. */
  readonly disowned?: (destination: string) => void;
  /** What it takes to undo what an earlier process did to a destination, as a journal says. */
  readonly undoValueOf?: (destination: string) => number | undefined;
  /** Called right before a write that has to be undone later. What it records has to outlive the process. */
  readonly intend?: Intend;
  /** Prepares the same record for writes that the kernel makes by itself. Default: it makes none that need a record. */
  readonly prepareIntents?: PrepareIntents;
  /** Where an earlier process ended: asked with the first readings. Default: it begins as a first start does. */
  readonly goOn?: GoOn | undefined;
  /** Time, timers and deferral. Default: those of this process. */
  readonly loop?: Loop;
  /** What runs the programs of destinations; asked when there is a destination that needs it. Default: nothing does. */
  readonly programs?: () => Programs | null;
  /** What is known of destinations that programs set. Default: `unknown` of those that `owned` names, nothing of others. */
  readonly presenceOf?: PresenceOf;
  /** Why a destination must not be set at present; null where it may. Default: all may. */
  readonly leftAlone?: (destination: string) => string | null;
  /** Called with each decision, when its system calls are done. Must be quick: the next event waits. */
  readonly observe?: (decision: Decision) => void;
}

/** A running daemon. */
export interface Daemon extends Disposable {
  /** The system that it works on. */
  readonly platform: Platform;
  /** How link events are received. */
  readonly backend: LinkWatch['backend'];
  /** The links that the rules name, and no others. */
  readonly links: Pick<LinkWatch, 'links' | 'lookUp' | 'subscribe' | 'behind'>;
  readonly linkCounters: LinkCounters;
  readonly status: Status;
  readonly explanation: Explanation;
  /** Explains parts of the present state, also later, as it is now. */
  explainer(): Explainer;
  /** The state of the policy, for the next process of this boot. */
  saved(): string;
  /** Whether something that is decided is still to be applied, except by a program. */
  readonly busy: boolean;
  /** Destinations that could not be set at the last attempt, and why. */
  readonly failures: ReadonlyMap<string, Error>;
  /** Losses of a source that were over before anything was done about them: how many, by source. */
  readonly passedLosses: ReadonlyMap<string, number>;
  readonly earlyLoss: EarlyLossCounts;
  /** What the kernel does by itself; null where it does nothing. */
  readonly kernelFailover: KernelFailoverCounts | null;
  /** What the kernel does for a group by itself; null where it does nothing for any. */
  failoverCover(group: GroupStatus): FailoverCover | null;
  /** How a destination is read and set; undefined where the rules do not name it. */
  driverOf(destination: string): AnyDriver | undefined;
  /** Feeds the policy: a check has answered, an operator pauses a group. */
  feed(event: PolicyEvent): void;
  /**
   * Works out what {@link Daemon.replace} needs of other rules and does not depend on the present state. Changes nothing. It
   * makes that call, during which nothing is heard, shorter.
   *
   * @throws {PolicyError} where they are not valid
   */
  foresee(rules: DaemonRules): void;
  /**
   * Goes on under other rules: what did not change keeps its phase, timers and penalties. In this order, without a pause
   * for the event loop: what has happened by now is decided by the old rules, and what they have armed in the kernel is
   * disarmed; `letGo` is called; the rules are replaced. What they name and the old ones did not is unknown until
   * {@link Daemon.readAll} or {@link Daemon.resync} has read it: a group that depends on that stays as it is.
   *
   * @param letGo releases the destinations that the new rules do not name. What it does is not judged by the old rules
   * @throws {PolicyError} where they are not valid; nothing has changed then
   */
  replace(rules: DaemonRules, letGo: () => void): void;
  /** Reads everything that the rules name, and decides by it. */
  readAll(): void;
  /** {@link Daemon.replace} and {@link Daemon.readAll}, in one turn of the event loop. */
  reload(rules: DaemonRules, letGo?: () => void): void;
  /** Reads the state of every interface again, and acts on what differs. */
  resync(): void;
  /**
   * Decides what has happened by now, and does what is still to be done. From then on nothing is done any more, not by the
   * kernel either: destinations may be set past the policy. Call {@link Daemon.close} before the event loop goes on.
   */
  quiesce(): void;
  /** Stops watching. Destinations are left as they are. */
  close(): void;
}
