import type { TraceEntry } from '@ifdepd/policy';
import { showDuration } from '../../config/duration.ts';
import { printable } from '../../log/printable.ts';
import type { WeighedEntry } from './weighed-trace.ts';

/** A state from a time on, in milliseconds. */
export interface StateChange {
  readonly at: number;
  readonly state: string;
}

/** The changes of each source, group and destination, under `source em0`, `group gateway`, `destination carp0`. */
export function tracksOf(entries: readonly TraceEntry[]): ReadonlyMap<string, readonly StateChange[]> {
  const tracks = new Map<string, StateChange[]>();
  const track = (name: string, at: number, state: string) => {
    tracks.set(name, [...(tracks.get(name) ?? []), { at, state }]);
  };
  for (const { at, event, transitions, effects } of entries) {
    const readings =
      event?.type === 'sources' ? event.sources : event?.type === 'source' ? [event.source] : [];
    for (const { id, health } of readings) {
      track(`source ${id}`, at, health);
    }
    for (const { group, to } of transitions) {
      track(`group ${group}`, at, to);
    }
    for (const { destination, to } of effects) {
      track(`destination ${destination}`, at, to);
    }
  }
  return tracks;
}

/** A line for each transition, each weight that changed, and each destination that is set. */
export function transitionLines(entries: readonly WeighedEntry[]): readonly string[] {
  return entries.flatMap(({ at, transitions, effects, weights = {} }) => {
    const line = (text: string): string => `${showDuration(at).padStart(10)}  ${printable(text)}`;
    return [
      ...transitions.map(({ group, from, to, blame }) => {
        const because = blame.map(({ id, health }) => `${id} ${health}`).join(', ');
        return line(`${group}: ${from} -> ${to} (${because})`);
      }),
      ...Object.entries(weights).map(([group, weight]) => line(`${group}: weight ${weight}`)),
      ...effects.map(({ destination, to }) => line(`${destination}: set ${to}`)),
    ];
  });
}
