import type { LogEntry } from '../../../apps/ifdepd/src/log/index.ts';

/** Receives that find nothing within a second, of a loop that does not wait. */
const MOST_EMPTY_A_SECOND = 300;

/** Errnos by which a daemon says that something of its own is refused: not what it says of an interface that is gone. */
const REFUSED = /\bE(?:ACCES|BADF|EXIST|IO|INVAL|MFILE|NOENT|NOMEM|NOSPC|PERM|ROFS)\b/;

/** Whether a daemon reports each loss of a source once, complains of nothing that did not fail, and does not spin. */
export class ConductJudge {
  readonly #lost = new Map<string, number>();
  readonly #reported = new Map<string, number>();
  readonly #found: string[] = [];

  /** A daemon starts. */
  began(): void {
    this.#lost.clear();
    this.#reported.clear();
  }

  /** A source was lost. */
  lost(source: string): void {
    add(this.#lost, source);
  }

  /** The daemon has logged something. @param hasFailed whether a call has failed since it began to start: it may not know then */
  logged({ event, fields, message }: LogEntry, hasFailed: boolean): void {
    if (hasFailed) {
      return;
    }
    if (event === 'source' && fields?.['from'] === 'active' && fields['to'] === 'failed') {
      add(this.#reported, String(fields['source']));
    }
    if (REFUSED.test(message)) {
      this.#found.push(`no call has failed, and the daemon says "${message}"`);
    }
  }

  /**
   * @param passed the losses that the daemon says were over before it did anything
   * @param empty the receives that have found nothing within the last second
   * @returns what was wrong since the last look
   */
  wrong(passed: ReadonlyMap<string, number>, empty: number): readonly string[] {
    const found = this.#found.splice(0);
    for (const [source, reported] of this.#reported) {
      const [all, lost] = [reported + (passed.get(source) ?? 0), this.#lost.get(source) ?? 0];
      if (all > lost) {
        found.push(`${source} was lost ${lost} times, and the daemon reports ${all} losses`);
      }
    }
    if (empty > MOST_EMPTY_A_SECOND) {
      found.push(`${empty} receives find nothing within a second`);
    }
    return found;
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
