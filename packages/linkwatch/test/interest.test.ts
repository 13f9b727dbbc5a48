import { expect, test } from 'vitest';
import { type LinkEvent, watchLinks } from '../src/index.ts';
import { scriptedBackend } from '../src/testing/index.ts';

test.each([1, 16, 17, 40])(
  'with %i names of interest, links are found by their names and alternative names, and no others',
  (count) => {
    const system = scriptedBackend([
      { index: 1, name: 'lo' },
      { index: 2, name: 'wan0' },
      { index: 3, name: 'long', altNames: ['other', 'wan1'] },
    ]);
    const interest = Array.from({ length: count }, (_, at) => `wan${at}`);
    using watch = watchLinks({ backend: system, interest: [...interest, 'wan1'] });
    const events: LinkEvent[] = [];
    watch.subscribe((event) => void events.push(event));
    expect([...watch.links.keys()]).toEqual(['wan0', 'long']);
    system.set({ index: 3, name: 'long', altNames: ['other'] });
    system.set({ index: 4, name: 'wan1' });
    system.set({ index: 1, name: 'lo', altNames: ['lan'] });
    expect(events.map((event) => event.type !== 'snapshot' && [event.type, event.link.name])).toEqual([
      false,
      ['departed', 'long'],
      ['arrived', 'wan1'],
    ]);
  },
);
