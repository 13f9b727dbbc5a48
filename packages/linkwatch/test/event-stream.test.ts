import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LinkEvent, type LinkWatch, watchLinks } from '../src/index.ts';
import { type ScriptedBackend, scriptedBackend } from '../src/testing/index.ts';

const eth0 = { index: 2, name: 'eth0' };
const down = { ...eth0, carrier: false };
const up = { ...eth0, carrier: true };
const reason = new Error('aborted by the test');

let controller: AbortController;
let system: ScriptedBackend;
let watch: LinkWatch;

beforeEach(() => {
  controller = new AbortController();
  system = scriptedBackend([eth0]);
  watch = watchLinks({ backend: system, signal: controller.signal, queueLimit: 4 });
});

afterEach(() => {
  watch.close();
});

test('an iterator gives the snapshot first, then every event in order', async () => {
  const seen: string[] = [];
  for await (const event of watch) {
    seen.push(event.type);
    if (event.type === 'snapshot') {
      system.set(down);
    } else if (event.type === 'changed') {
      system.remove(2);
    } else {
      break;
    }
  }
  expect(seen).toEqual(['snapshot', 'changed', 'departed']);
});

test('a waiting consumer gets an event when it comes', async () => {
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  const next = iterator.next();
  const later = iterator.next();
  system.set(down);
  system.set(up);
  expect((await next).value).toMatchObject({ type: 'changed', link: { carrier: false } });
  expect((await later).value).toMatchObject({ type: 'changed', link: { carrier: true } });
});

test('a slow consumer gets merged events', async () => {
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  system.set(down);
  system.set({ ...up, carrierUpCount: 2 });
  expect((await iterator.next()).value).toMatchObject({
    type: 'changed',
    was: { carrier: true, carrierUpCount: 1 },
    link: { carrier: true, carrierUpCount: 2 },
  });
});

test('a consumer that is too slow for merged events gets a snapshot', async () => {
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  for (let index = 10; index < 20; index++) {
    system.set({ index, name: `eth${index}` });
  }
  const { value } = await iterator.next();
  expect(value).toMatchObject({ type: 'snapshot', cause: 'queue-overflow' });
  expect((value as LinkEvent & { type: 'snapshot' }).links).toHaveLength(11);
});

test('two iterators each get every event', async () => {
  const one = watch[Symbol.asyncIterator]();
  const other = watch[Symbol.asyncIterator]();
  expect((await one.next()).value).toMatchObject({ type: 'snapshot' });
  expect((await other.next()).value).toMatchObject({ type: 'snapshot' });
});

test('break does not close the watch', async () => {
  for await (const _ of watch) {
    break;
  }
  system.set(down);
  expect(watch.links.get('eth0')?.carrier).toBe(false);
  expect(system.disposed).toBe(false);
});

test('an iterator keeps no events after break', async () => {
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.return?.();
  system.set(down);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

describe('close', () => {
  test('close ends a waiting iterator', async () => {
    const iterator = watch[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    watch.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('close ends an iterator after the waiting events', async () => {
    const seen: string[] = [];
    for await (const event of watch) {
      seen.push(event.type);
      if (event.type === 'snapshot') {
        system.set(down);
        watch.close();
      }
    }
    expect(seen).toEqual(['snapshot', 'changed']);
  });

  test('an iterator gets no event that a listener before it closed the watch at', async () => {
    watch.subscribe(({ type }) => {
      if (type === 'changed') {
        watch.close();
      }
    });
    const iterator = watch[Symbol.asyncIterator]();
    await iterator.next();
    system.set(down);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('an iterator created after close is at its end', async () => {
    watch.close();
    expect(await watch[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});

describe('abort', () => {
  test('abort rejects a waiting next() and every later one', async () => {
    const iterator = watch[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await expect(iterator.next()).rejects.toBe(reason);
  });

  test('abort rejects although events wait', async () => {
    const iterator = watch[Symbol.asyncIterator]();
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
  });

  test('abort rejects an iterator created afterwards', async () => {
    controller.abort(reason);
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  });

  test('abort ends for await with its reason', async () => {
    const loop = async () => {
      for await (const _ of watch) {
        controller.abort(reason);
      }
    };
    await expect(loop()).rejects.toBe(reason);
  });
});
