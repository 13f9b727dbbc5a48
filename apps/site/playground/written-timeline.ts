import type { TimelineEntry } from '@ifdepd/policy';
import { parseDuration } from '../../ifdepd/src/config/duration.ts';

/** A time as a written timeline has it: exact to the millisecond. */
export function writtenTime(ms: number): string {
  return ms > 0 && ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`;
}

/** One line of a timeline. @param words `em0 failed`, `down gateway` */
export function timelineLine(at: number, words: string): string {
  return `${writtenTime(at)} ${words}`;
}

/** A timeline with one more line, in its place. An end that is not after it is removed. */
export function withLine(timeline: string, at: number, words: string): string {
  const lines = timeline.split('\n').filter((line) => line.trim() !== '');
  const kept = lines.filter((line) => !/^\S+\s+end\b/.test(line) || timeOf(line) > at);
  const place = kept.findIndex((line) => timeOf(line) > at);
  kept.splice(place < 0 ? kept.length : place, 0, timelineLine(at, words));
  return `${kept.join('\n')}\n`;
}

/** The events of a journal as a written timeline, which can be read, shared and changed. */
export function writeTimeline(entries: readonly TimelineEntry[], end: number | null): string {
  const lines = entries.flatMap(({ at, event }) => {
    switch (event.type) {
      case 'sources':
        return event.sources.map((source) => timelineLine(at, sourceWords(source)));
      case 'source':
        return [timelineLine(at, sourceWords(event.source))];
      case 'pause':
      case 'drain': {
        const until = event.until === undefined ? '' : ` ${writtenTime(event.until - at)}`;
        return [timelineLine(at, `${event.type === 'pause' ? 'pause' : 'down'} ${event.group}${until}`)];
      }
      case 'resume':
      case 'restore':
        return [timelineLine(at, `${event.type} ${event.group}`)];
      default:
        return [];
    }
  });
  return [...lines, ...(end === null ? [] : [timelineLine(end, 'end')])].map((line) => `${line}\n`).join('');
}

/** '#' begins a comment in a timeline, so a reason loses it. */
function sourceWords({ id, health, reason }: { id: string; health: string; reason: string }): string {
  const words = reason.replace(/[#\s]+/g, ' ').trim();
  return `${id} ${health} ${words === '' ? 'not in the journal' : words}`;
}

/** Milliseconds at the beginning of a line; 0 where there is no time. */
function timeOf(line: string): number {
  return parseDuration(/^\+?(\S+)/.exec(line.trim())?.[1] ?? '') ?? 0;
}
