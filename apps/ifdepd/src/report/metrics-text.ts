import type { Phase } from '@ifdepd/policy';
import type { ProbeNumbers } from '../programs/probes.ts';
import { version } from '../system/version.ts';
import type { Counted, Measured } from './metrics.ts';
import { probeFamilies } from './probe-families.ts';
import { type Family, families } from './text-format.ts';

const UP: Readonly<Record<Phase, number>> = {
  starting: -1,
  up: 1,
  'going-down': 1,
  down: 0,
  'coming-up': 0,
  paused: -1,
  drained: 0,
};

/** What is wanted of a destination, and what it is: any other state is not known. */
const STATE: Readonly<Record<string, number>> = { up: 1, down: 0 };

const PHASES = Object.keys(UP) as readonly Phase[];

/** The metrics in the text format of Prometheus. @param probes numbers of the probes, by the id of the source. Default: none */
export function metricsText(
  { platform, transitions, failures, reactions, sum, count }: Counted,
  { status, linkCounters: links, kernelFailover, passedLosses }: Measured,
  probes: ReadonlyMap<string, ProbeNumbers> = new Map(),
): string {
  const { groups, destinations } = status;
  const sources = new Map(groups.flatMap((group) => group.sources.map((source) => [source.id, source])));
  return families([
    {
      name: 'ifdepd_group_up',
      type: 'gauge',
      help: 'Whether a group wants its destinations up: 1 yes, 0 no, -1 it has no opinion (starting, paused).',
      samples: groups.map(({ name, phase }) => ({ labels: { group: name }, value: UP[phase] })),
    },
    {
      name: 'ifdepd_group_held',
      type: 'gauge',
      help: 'Whether an operator holds a group: 1 paused, drained, or latched until it is restored; 0 no.',
      samples: groups.map(({ name, phase, latched }) => ({
        labels: { group: name },
        value: phase === 'paused' || phase === 'drained' || latched ? 1 : 0,
      })),
    },
    {
      name: 'ifdepd_group_weight',
      type: 'gauge',
      help: 'The weights of the active sources of a group together; each weighs 1 where it has no weight.',
      samples: groups.map(({ name, weight }) => ({ labels: { group: name }, value: weight })),
    },
    {
      name: 'ifdepd_source_active',
      type: 'gauge',
      help: 'Whether a source is active: 1 yes, 0 it has failed, -1 not known yet.',
      samples: [...sources.values()].map(({ id, health }) => ({
        labels: { source: id },
        value: { active: 1, failed: 0, unknown: -1 }[health],
      })),
    },
    {
      name: 'ifdepd_destination_want',
      type: 'gauge',
      help: 'What is wanted of a destination: 1 up, 0 down, -1 nothing.',
      samples: destinations.map(({ id, want }) => ({
        labels: { destination: id },
        value: STATE[want] ?? -1,
      })),
    },
    {
      name: 'ifdepd_destination_up',
      type: 'gauge',
      help: 'What a destination is: 1 up, 0 down, -1 missing or not known.',
      samples: destinations.map(({ id, is }) => ({
        labels: { destination: id },
        value: STATE[is] ?? -1,
      })),
    },
    {
      name: 'ifdepd_foreign_changes_total',
      type: 'counter',
      help: 'Changes of a destination by other programs, against what its groups want.',
      samples: destinations.map(({ id, foreignChanges }) => ({
        labels: { destination: id },
        value: foreignChanges,
      })),
    },
    {
      name: 'ifdepd_transitions_total',
      type: 'counter',
      help: 'Changes of groups, by the phase they went to.',
      samples: groups.flatMap(({ name }) =>
        PHASES.flatMap((to) => {
          const value = transitions.get(name)?.get(to);
          // A counter that appears with its first event is one whose first increase() nobody sees.
          return value === undefined && to !== 'up' && to !== 'down'
            ? []
            : [{ labels: { group: name, to }, value: value ?? 0 }];
        }),
      ),
    },
    {
      name: 'ifdepd_action_failures_total',
      type: 'counter',
      help: 'Attempts to set a destination that failed.',
      samples: destinations.map(({ id }) => ({
        labels: { destination: id },
        value: failures.get(id) ?? 0,
      })),
    },
    {
      name: 'ifdepd_passed_losses_total',
      type: 'counter',
      help: 'Losses of a source that were over before a destination was set for them.',
      samples: [...sources.keys()].map((id) => ({
        labels: { source: id },
        value: passedLosses.get(id) ?? 0,
      })),
    },
    {
      name: 'ifdepd_resyncs_total',
      type: 'counter',
      help: 'How often every interface was read again.',
      samples: [{ labels: {}, value: Math.max(0, links.snapshots - 1) }],
    },
    ...probeFamilies(probes),
    {
      name: 'ifdepd_kernel_failovers_total',
      type: 'counter',
      help: 'Failovers performed by the kernel before the daemon read the event.',
      samples: [{ labels: {}, value: kernelFailover?.failovers ?? 0 }],
    },
    {
      name: 'ifdepd_kernel_failover_sources',
      type: 'gauge',
      help: 'Sources whose loss the kernel would act on by itself now.',
      samples: [{ labels: {}, value: kernelFailover?.armed ?? 0 }],
    },
    {
      name: 'ifdepd_kernel_repairs_total',
      type: 'counter',
      help: 'Repairs after which the kernel set destinations up before the daemon read the event.',
      samples: [{ labels: {}, value: kernelFailover?.repairs ?? 0 }],
    },
    {
      name: 'ifdepd_kernel_repair_sources',
      type: 'gauge',
      help: 'Sources whose repair the kernel would act on by itself now.',
      samples: [{ labels: {}, value: kernelFailover?.armedRepairs ?? 0 }],
    },
    reaction(reactions, sum, count),
    {
      name: 'ifdepd_build_info',
      type: 'gauge',
      help: 'What runs.',
      samples: [{ labels: { version, node: process.version, platform }, value: 1 }],
    },
  ]);
}

function reaction(reactions: Counted['reactions'], sum: number, count: number): Family {
  let below = 0;
  const samples = [...reactions].map(([bound, reacted]) => {
    below += reacted;
    return { suffix: '_bucket', labels: { le: `${bound}` }, value: below };
  });
  return {
    name: 'ifdepd_reaction_seconds',
    type: 'histogram',
    help: 'From the message that was read to the return of the last system call.',
    samples: [
      ...samples,
      { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
      { suffix: '_sum', labels: {}, value: sum },
      { suffix: '_count', labels: {}, value: count },
    ],
  };
}
