import type { StatusReport } from '../src/control/status-report.ts';
import type { JournalEntry } from '../src/state/journal-entry.ts';
import { DAY } from './day.ts';
import { drawStatus } from './draw-status.ts';
import { byId } from './element.ts';

/*
 * The page asks for the status and the events of the last day, and then follows the events: each of them makes it ask for the
 * status again, at most four times a second. It changes nothing.
 */

/** Milliseconds. */
const [BETWEEN, AGAIN, REDRAW] = [250, 3000, 10_000];
/** Entries that the page keeps. */
const MOST_ENTRIES = 20_000;

const entries: JournalEntry[] = [];
let status: StatusReport | null = null;
let asking = false;
let askAgain = false;

const filter = byId('filter') as HTMLInputElement;
const trouble = byId('trouble') as HTMLInputElement;

function draw(): void {
  if (status !== null) {
    drawStatus(status, entries, { text: filter.value, trouble: trouble.checked }, Date.now());
  }
}

async function ask(): Promise<void> {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  askAgain = false;
  try {
    const answer = await fetch('v1/status');
    status = (await answer.json()) as StatusReport;
    draw();
  } catch {
    lost();
  }
  setTimeout(() => {
    asking = false;
    if (askAgain) {
      void ask();
    }
  }, BETWEEN);
}

function lost(): void {
  const verdict = byId('verdict');
  verdict.className = 'warn';
  verdict.textContent = 'the daemon does not answer; the page tries again every 3 s';
}

/** Follows the events, from the last one that is known on. */
async function follow(): Promise<void> {
  try {
    const since = entries.at(-1)?.time ?? new Date(Date.now() - DAY).toISOString();
    const answer = await fetch(`v1/events?follow=1&since=${encodeURIComponent(since)}`);
    const known = new Set(entries.slice(-100).map((entry) => JSON.stringify(entry)));
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    void ask();
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      const lines = (rest + part.value).split('\n');
      rest = lines.pop() ?? '';
      entries.push(
        ...lines
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as JournalEntry)
          .filter((entry) => !known.has(JSON.stringify(entry))),
      );
      entries.splice(0, Math.max(0, entries.length - MOST_ENTRIES));
      void ask();
    }
  } catch {
    // The daemon has ended, or it starts again.
  }
  lost();
  setTimeout(() => void follow(), AGAIN);
}

filter.addEventListener('input', draw);
trouble.addEventListener('change', draw);
byId('choice').addEventListener('submit', (event) => event.preventDefault());
setInterval(draw, REDRAW);
void follow();
