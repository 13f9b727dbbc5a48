import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';
import type { JournalEntry } from '../../../apps/ifdepd/src/state/journal-entry.ts';

/** How many of the latest lines a journal must have at least: it forgets older ones. */
const MOST = 50;

/** A journal with fewer lines has forgotten none. */
const MOST_ENTRIES = 1500;

/** A change that a daemon made to a destination. */
interface Change {
  readonly id: string;
  readonly to: 'up' | 'down';
}

/**
 * Whether the journal explains every change: a line says so at once, and the next daemon reads that line, unless the disk has
 * failed or the daemon was killed before the line was written.
 */
export class JournalJudge {
  #changes: Change[] = [];
  #lines: LogEntry[] = [];
  /** The lines that must be on the disk. */
  #written: string[] = [];
  #found: string[] = [];
  /** Whether a line of a start is to be written, and how many such lines must be on the disk; null for an unknown number. */
  #isStart = false;
  #starts: number | null = null;
  #restored: string[] = [];
  #untold: string[] = [];

  /** The daemon has set a destination. */
  changed(change: Change): void {
    this.#changes.push(change);
  }

  /** The daemon has logged something. */
  logged(entry: LogEntry): void {
    const { fields } = entry;
    this.#isStart ||= entry.event === 'start';
    if (fields?.['destinations'] !== undefined) {
      this.#lines.push(entry);
      if (fields['cause'] === 'on-exit' && fields['to'] === 'down') {
        this.#restored.push(...listed(fields));
      }
    }
  }

  /** @returns destinations that were set down again since the last call, as they had been before the daemon set them up */
  takeRestored(): readonly string[] {
    return this.#restored.splice(0);
  }

  /** Everything that can be done at this moment is done. @param isWritten whether all that was written reached the disk */
  settled(isWritten: boolean): void {
    for (const { id, to } of this.#changes) {
      if (!this.#lines.some(({ fields }) => fields?.['to'] === to && listed(fields).includes(id))) {
        this.#found.push(`the daemon sets ${id} ${to} and does not say so`);
      }
    }
    if (isWritten) {
      this.#starts = this.#starts === null ? null : this.#starts + (this.#isStart ? 1 : 0);
      this.#written = [...this.#written, ...this.#lines.map(({ message }) => message)].slice(-MOST);
    }
    this.#changes = [];
    this.#lines = [];
    this.#isStart = false;
  }

  /** @returns destinations that a killed daemon had set down since the last call, of which it had written nothing */
  takeUntold(): readonly string[] {
    return this.#untold.splice(0);
  }

  /**
   * The daemon was killed before everything was done.
   *
   * @param isRecorded whether it records that it sets a destination, before it does so
   */
  killed(isRecorded: (id: string) => boolean): void {
    const isUntold = ({ id, to }: Change) => to === 'down' && !isRecorded(id);
    this.#untold.push(...this.#changes.filter(isUntold).map(({ id }) => id));
    this.#changes = [];
    this.#lines = [];
    this.#isStart = false;
  }

  /** What is on the disk is unknown. */
  forget(): void {
    this.#written = [];
    this.#starts = null;
  }

  /** A daemon has started. @param entries what it has read of the journal of its predecessors */
  began(entries: readonly JournalEntry[]): void {
    const read = new Set(entries.map(({ msg }) => msg));
    const lost = this.#written.find((message) => !read.has(message));
    if (lost !== undefined) {
      this.#found.push(`the journal has lost "${lost}"`);
    }
    const starts = entries.filter(({ event }) => event === 'start').length;
    if (this.#starts !== null && starts <= this.#starts && entries.length < MOST_ENTRIES) {
      this.#found.push(`the journal has ${starts} starts, and there were ${this.#starts} before this one`);
    }
    this.#starts = starts - 1;
  }

  /** @returns what was wrong since the last look */
  wrong(): readonly string[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }
}

function listed(fields: LogEntry['fields']): readonly string[] {
  const destinations = fields?.['destinations'];
  return Array.isArray(destinations) ? destinations.map(String) : [];
}
