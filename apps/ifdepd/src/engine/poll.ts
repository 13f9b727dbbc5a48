import type { PolicyEvent, Status } from '@ifdepd/policy';

/** What is known, as far as it is compared with what the system says. */
export type Known = Pick<Status, 'groups' | 'destinations'>;

/** What the poll works on. */
export interface AskingPollOptions {
  /** Milliseconds between two rounds. */
  readonly everyMs: number;
  /** The ids of what has to be asked. */
  readonly ids: () => readonly string[];
  /** What the system says of an id now; a failure to read it is none of the events. */
  readonly read: (id: string) => readonly PolicyEvent[];
  /** What the policy knows now. */
  readonly known: () => Known;
  /** Takes what differs from that. */
  readonly feed: (event: PolicyEvent) => void;
}

/**
 * Asks the system for what no message reports: the carrier of a BSD's network card whose driver has no link state and answers
 * SIOCGIFMEDIA, and the state and advskew of FreeBSD's vhids. Sleeps where nothing has to be asked.
 */
export interface AskingPoll extends Disposable {
  /** Links have changed: there may be something to ask now. */
  linksChanged(): void;
}

/** Stopped until {@link AskingPoll.linksChanged}. */
export function askingPoll({ everyMs, ids, read, known, feed }: AskingPollOptions): AskingPoll {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function tick(): void {
    const asked = ids();
    let differs = differsFrom(known());
    for (const id of asked) {
      for (const event of read(id)) {
        if (!closed && differs(event)) {
          feed(event);
          // It may have changed more than itself.
          differs = differsFrom(known());
        }
      }
    }
    if (asked.length === 0) {
      stop();
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    linksChanged() {
      if (!closed && timer === undefined && ids().length > 0) {
        timer = setInterval(tick, everyMs);
      }
    },
    [Symbol.dispose]() {
      closed = true;
      stop();
    },
  };
}

/** Whether a reading of one source or destination differs from what is known. */
function differsFrom({ groups, destinations }: Known): (event: PolicyEvent) => boolean {
  const sources = new Map(groups.flatMap((group) => group.sources).map((source) => [source.id, source]));
  const presences = new Map(destinations.map(({ id, is }) => [id, is]));
  return (event) => {
    if (event.type === 'source') {
      const before = sources.get(event.source.id);
      return before?.health !== event.source.health || before.reason !== event.source.reason;
    }
    return event.type === 'destination' && presences.get(event.id) !== event.is;
  };
}
