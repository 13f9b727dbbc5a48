import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';
import type { JournalEntry } from '../../../apps/ifdepd/src/state/journal-entry.ts';

/** How many of the latest lines a journal must have at least: it forgets older ones. */
const MOST = 50;

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
  #restored: string[] = [];

  /** The daemon has set a destination. */
  changed(change: Change): void {
    this.#changes.push(change);
  }

  /** The daemon has logged something. */
  logged(entry: LogEntry): void {
    const { fields } = entry;
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
      this.#written = [...this.#written, ...this.#lines.map(({ message }) => message)].slice(-MOST);
    }
    this.#changes = [];
    this.#lines = [];
  }

  /** The daemon was killed before everything was done. */
  killed(): void {
    this.#changes = [];
    this.#lines = [];
  }

  /** What is on the disk is unknown. */
  forget(): void {
    this.#written = [];
  }

  /** A daemon has started. @param entries what it has read of the journal of its predecessors */
  began(entries: readonly JournalEntry[]): void {
    const read = new Set(entries.map(({ msg }) => msg));
    const lost = this.#written.find((message) => !read.has(message));
    if (lost !== undefined) {
      this.#found.push(`the journal has lost "${lost}"`);
    }
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
