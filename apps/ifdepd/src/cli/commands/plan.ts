import { type Libc, loadLibc } from '@ifdepd/libc';
import { watchLinks } from '@ifdepd/linkwatch';
import { openNetIf } from '@ifdepd/netif';
import {
  type Blame,
  describe,
  type GroupStatus,
  type Policy,
  type PolicyEvent,
  type Presence,
  simulate,
  type Trace,
} from '@ifdepd/policy';
import { compiled } from '../../config/compiled-policy.ts';
import { showDuration } from '../../config/duration.ts';
import { isList, isSensor, targetsOf } from '../../config/local-target.ts';
import type { DestinationSettings, Settings } from '../../config/settings.ts';
import { exitCodeOf } from '../../diagnose/preconditions.ts';
import { refuseUnsupported } from '../../diagnose/unsupported.ts';
import { fileFindings } from '../../diagnose/unwritable.ts';
import { type AnyDriver, destinationDriver, type Tools } from '../../engine/destinations/index.ts';
import { presences } from '../../engine/destinations/presences.ts';
import { type SourceHealth, type SourceHost, sourceOf } from '../../engine/sources/index.ts';
import { candidatesOf } from '../../identity/candidates.ts';
import { identitiesOf } from '../../identity/identities.ts';
import { interfacesNow } from '../../identity/interfaces-now.ts';
import { loadPrograms } from '../../service/running.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { settingsOnce } from '../arguments/command-line-settings.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';
import { argumentsToExamine } from '../client/running-daemon.ts';
import { printAs, shown } from '../output/print.ts';
import { type Style, style, table } from '../output/terminal.ts';
import { findingLines, findingsOf } from './check.ts';
import { plannedNumbers } from './planned-numbers.ts';

/** One line of a plan. */
interface PlannedChange {
  readonly destination: string;
  readonly is: string;
  /** The state that it would be set to; null: it is left as it is. */
  readonly to: 'up' | 'down' | null;
  /** Milliseconds until then, if nothing changes. */
  readonly afterMs: number;
  readonly group: string | null;
  readonly blame: readonly string[];
  /** The weight of the group that would be written into the file; left out of other changes. */
  readonly number?: number;
}

/** `ifdepd plan`: shows what would change on this host, and changes nothing. */
export async function planCommand({ values }: CommandWords<'plan'>): Promise<number> {
  const { json, ...rest } = values;
  const args = await argumentsToExamine(rest);
  enterNamespaceOf(args.netns);
  const written = await settingsOnce(args);
  const libc = loadLibc();
  refuseUnsupported(written, libc);
  using links = watchLinks({ libc });
  using netif = openNetIf({ libc });
  // Each interface is one destination, as for the daemon.
  const candidates = candidatesOf(links.links.values(), netif);
  const { settings } = identitiesOf(written, interfacesNow(netif), null, candidates);
  const policy = compiled(settings.policy);
  const local = await localReadings(settings, libc);
  using programs = await loadPrograms(settings, null);
  const known = await presences(settings, programs?.destinations ?? null);
  const now = reading(
    settings,
    policy,
    { libc, links, netif, programs: () => programs?.destinations ?? null },
    local,
    known,
  );
  const trace = simulate(policy, [{ at: 0, event: now }], { start: 0 });
  const numberOf = (one: DestinationSettings) => destinationDriver(one, { libc, netif }).number?.() ?? null;
  const plan = changes(settings, now, trace, numberOf);
  const found = await findingsOf(settings, args);
  const paint = style();
  printAs(json, { config: settings.file, changes: plan, findings: found }, () => [
    ...table(plan.map((one) => row(one, paint))),
    ...findingLines(found, paint),
  ]);
  return exitCodeOf(found, { file: settings.file, wait: args.wait });
}

type Reading = Extract<PolicyEvent, { type: 'sources' }>;

/** The results of the probes that send no packet, by the id of the source. */
async function localReadings({ probes }: Settings, libc: Libc): Promise<ReadonlyMap<string, SourceHealth>> {
  const found = new Map<string, SourceHealth>();
  const lists = targetsOf(probes, isList);
  if (lists.size > 0) {
    const { startLocalProbes } = await import('../../programs/local-probes.ts');
    using local = startLocalProbes(({ id, health, reason }) => found.set(id, { health, reason }), libc);
    local.replace(lists);
  }
  const sensors = targetsOf(probes, isSensor);
  if (sensors.size > 0) {
    const { readSensors } = await import('../../programs/sensors/read-once.ts');
    for (const [id, { health, reason }] of await readSensors(sensors, libc)) {
      found.set(id, { health, reason });
    }
  }
  return found;
}

/** The present state of everything. A plan runs no check and sends no probe: their results are unknown. */
function reading(
  settings: Settings,
  policy: Policy,
  host: Tools & SourceHost,
  local: ReadonlyMap<string, SourceHealth>,
  known: ReadonlyMap<string, Presence>,
): Reading {
  return {
    type: 'sources',
    complete: true,
    sources: policy.sources.map((id) => {
      const source = sourceOf(id, host.netif.features);
      const reason = source.kind === 'probe' ? 'not probed yet' : 'not checked yet';
      return { id, ...(source.read?.(host) ?? local.get(id) ?? { health: 'unknown', reason }) };
    }),
    destinations: [...settings.destinations.values()].map((one) => ({
      id: one.id,
      is: known.get(one.id) ?? presence(one, destinationDriver(one, host)),
    })),
  };
}

/** At the start, the daemon writes the text for "up" into a writable file that has neither text. */
function presence(settings: DestinationSettings, driver: AnyDriver): Presence | 'unknown' {
  const is = driver.read();
  return 'path' in settings && is === 'unknown' && fileFindings([settings]).length === 0 ? 'up' : is;
}

/** @param numberOf the number that a file holds now; null for none */
function changes(
  settings: Settings,
  { destinations = [] }: Reading,
  trace: Trace,
  numberOf: (one: DestinationSettings) => number | null,
): readonly PlannedChange[] {
  const policy = compiled(settings.policy);
  const end = describe(policy, trace.state);

  /** The numbers that a file would get; where there are none, the one that it holds. */
  function numbers(id: string, is: PlannedChange['is'], group: string): readonly PlannedChange[] {
    const file = settings.destinations.get(id);
    const held = file === undefined ? null : numberOf(file);
    const planned = plannedNumbers(policy, trace, group, held);
    const blame = end.groups.find(({ name }) => name === group)?.blame.map(shownBlame) ?? [];
    return planned.length > 0
      ? planned.map((one) => ({ destination: id, is, group, blame, ...one }))
      : [
          {
            destination: id,
            is,
            to: null,
            afterMs: 0,
            group,
            blame,
            ...(held === null ? {} : { number: held }),
          },
        ];
  }

  return destinations.flatMap(({ id, is }): readonly PlannedChange[] => {
    const settled = settings.destinations.get(id);
    if (settled?.action === 'weight') {
      return numbers(id, is, settled.group);
    }
    const effects = trace.entries.flatMap(({ at, effects }) =>
      effects.filter(({ destination }) => destination === id).map((effect) => ({ at, effect })),
    );
    if (effects.length === 0) {
      const group = end.destinations.find((one) => one.id === id)?.heldBy[0] ?? null;
      const undecided = group === null ? end.groups.find((one) => isUndecided(one, id)) : undefined;
      return [
        {
          destination: id,
          is,
          to: null,
          afterMs: 0,
          group: undecided?.name ?? group,
          blame: undecided?.blame.map(shownBlame) ?? [],
        },
      ];
    }
    return effects.map(({ at, effect: { to, because } }) => ({
      destination: id,
      is,
      to,
      afterMs: at,
      group: because.group,
      blame: because.blame.map(shownBlame),
    }));
  });
}

/** Whether a group leaves a destination as it is because sources are unknown. */
function isUndecided({ blame, destinations }: GroupStatus, destination: string): boolean {
  return destinations.includes(destination) && blame.some(({ health }) => health === 'unknown');
}

function shownBlame({ id, health, reason }: Blame): string {
  return `${id} ${health}${health === 'active' ? '' : ` (${reason})`}`;
}

function row(
  { destination, is, to, afterMs, group, blame, number }: PlannedChange,
  paint: Style,
): readonly string[] {
  const why = group === null || blame.length === 0 ? '' : shown(`${group}: ${blame.join(', ')}`);
  if (to === null) {
    const stays = is === 'missing' || is === 'unknown' ? `is ${is}` : `stays ${is}`;
    return [shown(destination), paint.faint(number === undefined ? stays : `holds ${number}`), '', why];
  }
  const change = (to === 'up' ? paint.good : paint.bad)(
    number === undefined ? `would be set ${to}` : `would hold ${number}`,
  );
  return [shown(destination), change, afterMs === 0 ? 'at once' : `after ${showDuration(afterMs)}`, why];
}
