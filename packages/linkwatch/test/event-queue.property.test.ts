import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../src/event-queue.ts';
import type { LinkEvent, LinkRecord } from '../src/index.ts';
import { type LinkFacts, scriptedBackend } from '../src/testing/index.ts';
import { watchLinks } from '../src/watch-links.ts';
import { doStep, steps } from './support/steps.ts';

/** The state of a consumer that keeps links by name from the events it gets. */
class Consumer {
  readonly known = new Map<string, LinkRecord>();

  take(event: LinkEvent): void {
    if (event.type === 'snapshot') {
      this.known.clear();
      for (const link of event.links) {
        this.known.set(link.name, link);
      }
      return;
    }
    if (event.type === 'departed') {
      expect(this.known.get(event.link.name)?.index).toBe(event.link.index);
      this.known.delete(event.link.name);
      return;
    }
    if (event.type === 'renamed') {
      expect(this.known.get(event.from)?.index).toBe(event.link.index);
      this.known.delete(event.from);
    }
    if (event.type === 'changed') {
      expect(this.known.get(event.was.name)).toEqual(event.was);
    }
    expect(this.known.get(event.link.name)?.index ?? event.link.index).toBe(event.link.index);
    this.known.set(event.link.name, event.link);
  }
}

test('a consumer ends with the right state, however slow it is and however short the queue is', () => {
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 8 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      (all, limit, appetite) => {
        const first: LinkFacts = { index: 1, name: 'eth1' };
        const system = scriptedBackend([first]);
        using watch = watchLinks({ backend: system });
        const queue = new EventQueue(limit, () => [...watch.links.values()]);
        const consumer = new Consumer();
        watch.subscribe((event) => {
          queue.push(event);
          expect(queue.size).toBeLessThanOrEqual(limit);
        });
        for (const step of all) {
          doStep(system, step);
          for (let left = appetite.next().value; left > 0; left--) {
            const event = queue.shift();
            if (event !== undefined) {
              consumer.take(event);
            }
          }
        }
        for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
          consumer.take(event);
        }
        const present = [...system.links.values()].map((link) => [link.name, link] as const);
        expect(consumer.known).toEqual(new Map(present));
      },
    ),
  );
});
