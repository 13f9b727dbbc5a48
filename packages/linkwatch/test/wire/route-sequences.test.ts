import { describe, expect, test } from 'vitest';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import type { LinkEvent, LinkRecord } from '../../src/link.ts';
import { LinkSession } from '../../src/session.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { concat, emptyInfo, listed } from '../support/route-bytes.ts';
import { bytesOf, type Capture, captureFiles } from '../support/route-captures.ts';

/** The links reported so far, kept apart from the code under test. It answers requests for a list. */
class ReportedLinks {
  readonly #abi: RouteAbi;
  readonly #interfaces = new Map<number, { readonly name: string; readonly info: Uint8Array }>();

  constructor(abi: RouteAbi) {
    this.#abi = abi;
  }

  note(capture: Capture): void {
    const { type, index = 0, name = '', what } = capture.decoded ?? { type: '' };
    const known = this.#interfaces.get(index);
    if (type === 'RTM_IFANNOUNCE' && what === 'DEPARTURE') {
      this.#interfaces.delete(index);
    } else if (type === 'RTM_IFANNOUNCE') {
      this.#interfaces.set(index, { name, info: emptyInfo(this.#abi, index) });
    } else if (type === 'RTM_IFINFO' && known !== undefined) {
      this.#interfaces.set(index, { name: known.name, info: bytesOf(capture) });
    }
  }

  list(): Uint8Array {
    return concat([...this.#interfaces.values()].map(({ name, info }) => listed(this.#abi, info, name)));
  }
}

const stories = captureFiles.filter(({ story }) => story);

interface Happened {
  readonly cause: string;
  readonly events: readonly LinkEvent[];
  readonly links: ReadonlyMap<string, LinkRecord>;
}

/** Feeds the messages of one cause after another; lists are taken when the decoder says that it needs one. */
function replay(abi: RouteAbi, captures: readonly Capture[]): Happened[] {
  const reported = new ReportedLinks(abi);
  const decoder = new RouteDecoder(abi);
  const happened: (Happened & { readonly events: LinkEvent[] })[] = [];
  const session = new LinkSession(decoder, (event) => happened.at(-1)?.events.push(event));
  const readList = () => {
    const list = reported.list();
    session.feed({ type: 'links', links: decoder.list(list, list.byteLength) });
  };
  session.request({ requestSnapshot: () => 0 });
  readList();
  for (const capture of captures) {
    if (happened.at(-1)?.cause !== capture.cause) {
      happened.push({ cause: capture.cause, events: [], links: new Map() });
    }
    const bytes = bytesOf(capture);
    reported.note(capture);
    session.feed({ type: 'bytes', bytes, length: bytes.byteLength });
    if (decoder.takeHint()) {
      readList();
    }
    const last = happened.at(-1) as Happened;
    happened[happened.length - 1] = {
      ...last,
      events: [...last.events],
      links: new Map(session.table.byName),
    };
  }
  expect(session.counters).toMatchObject({ bad: 0, overruns: 0 });
  return happened;
}

type Consequence = (happened: Happened, name: string, other: string) => void;

const is =
  (facts: Partial<LinkRecord>): Consequence =>
  ({ links }, name) =>
    expect(links.get(name)).toMatchObject(facts);

const reported =
  (type: 'arrived' | 'departed'): Consequence =>
  ({ events }, name) =>
    expect(events).toContainEqual(expect.objectContaining({ type, link: expect.objectContaining({ name }) }));

/** The events that a cause must have, by its text: `<interface> (remark) <verb>`. */
const consequences: readonly (readonly [cause: RegExp, consequence: Consequence])[] = [
  [/^(\w+) created/, reported('arrived')],
  [/^(\w+) destroyed/, reported('departed')],
  [/^(\w+) destroyed/, ({ links }, name) => expect([...links.keys()]).not.toContain(name)],
  [/^(\w+)(?: \([^)]*\))? (?:SIOCSIFFLAGS |admin )?up\b/, is({ adminUp: true })],
  [/^(\w+)(?: \([^)]*\))? (?:SIOCSIFFLAGS |admin )?down\b/, is({ adminUp: false })],
  [/^(\w+)(?: \([^)]*\))? (?:carrier lost|link (?:state )?DOWN$)/, is({ operstate: 'down', carrier: false })],
  [/^(\w+)(?: \([^)]*\))? (?:carrier back|link (?:state )?UP$)/, is({ operstate: 'up', carrier: true })],
  [/^(\w+) link state UNKNOWN/, is({ operstate: 'unknown', carrier: null })],
  [/^(\w+) renamed (?!back)(\w+)/, reported('departed')],
  [/^(\w+) renamed (?!back)(\w+)/, (happened, _, to) => reported('arrived')(happened, to, '')],
  [/^(carp\w+) .*(?:BACKUP -> MASTER|back to MASTER)/, is({ operstate: 'up' })],
  [/^(carp\w+) (?:forced to|.*->) BACKUP/, is({ operstate: 'down', carrier: false })],
];

describe.each(stories)('$name', ({ abi, captures }) => {
  const happened = replay(
    abi,
    captures.filter(({ kind, decoded }) => kind === 'rtsock' && decoded),
  );
  const cases = consequences.flatMap(([cause, consequence]) =>
    happened.flatMap((one) => {
      const words = cause.exec(one.cause);
      return words === null ? [] : [{ ...one, words, consequence }];
    }),
  );

  test('each capture names its cause', () => {
    expect(cases.length).toBeGreaterThan(20);
  });

  test.each(cases)('$cause', ({ consequence, words, ...one }) => {
    const [, name = '', other = ''] = words;
    consequence(one, name, other);
  });

  test('a link that went down and came back is reported as both', () => {
    const flaps = happened.filter(({ cause }) => /UP,DOWN,UP|DOWN,UP,DOWN,UP/.test(cause));
    expect(flaps.length).toBeGreaterThan(0);
    for (const { events } of flaps) {
      const states = events.map((event) => event.type === 'changed' && event.link.operstate);
      expect(states).toContain('down');
      expect(states.at(-1)).toBe('up');
    }
  });
});

/** NetBSD makes the parent of a carp promiscuous without a word. */
function withoutPromiscuous(links: ReadonlyMap<string, LinkRecord>): readonly LinkRecord[] {
  const IFF_PROMISC = 0x100;
  return [...links.values()].map((link) => ({ ...link, flags: link.flags & ~IFF_PROMISC }));
}

describe.each(stories)('lists of $name', ({ abi, captures }) => {
  const lists = captures.flatMap((capture, at) =>
    capture.kind === 'sysctl NET_RT_IFLIST' ? [{ ...capture, at }] : [],
  );

  test('the captured lists are those of the sysctl in the table', () => {
    expect(new Set(lists.map(({ mib }) => mib?.join()))).toEqual(new Set([abi.interfaceList.join()]));
  });

  test.each(lists)('$cause', (capture) => {
    const bytes = bytesOf(capture);
    const links = new Map(
      new RouteDecoder(abi).list(bytes, bytes.byteLength).map((link) => [link.name, link] as const),
    );
    expect(links.get('lo0')).toMatchObject({ index: 1, adminUp: true, type: 24 });
    // All the others, and each as the messages before the list had it.
    const before = replay(
      abi,
      captures.slice(0, capture.at).filter(({ kind, decoded }) => kind === 'rtsock' && decoded),
    ).at(-1)?.links;
    links.delete('lo0');
    expect(withoutPromiscuous(links)).toEqual(withoutPromiscuous(before ?? new Map()));
  });
});
