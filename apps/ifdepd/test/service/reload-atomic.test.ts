import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import type { Running } from '../../src/service/running.ts';
import { holderOf } from '../../src/state/destination-locks.ts';
import { networkNamespaceId } from '../../src/system/network-namespace.ts';
import { removeFolder } from '../support/remove-folder.ts';

const before = 'groups: {g: {sources: [em0], destinations: [lan0, lan1], on-exit: up}}';
const after = 'groups: {h: {sources: [bge0], destinations: [lan1, lan2], on-exit: up}}';

/** A daemon whose source has failed; its next configuration takes one destination away and adds another. */
async function running() {
  const kernel = scriptedBsd('freebsd');
  for (const name of ['em0', 'bge0', 'lan0', 'lan1', 'lan2']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  kernel.carrier('em0', 'down');
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-atomic-'));
  const runtime = join(folder, 'run');
  const lines: string[] = [];
  const prepared = await prepareDaemon(parseSettings(before, join(folder, 'ifdepd.conf')), {
    libc: kernel.libc,
    directories: { runtime, state: join(folder, 'state') },
    log: { write: ({ message }) => void lines.push(message), close: () => Promise.resolve() },
    load: async (file) => parseSettings(after, file),
  });
  onTestFinished(async () => {
    await prepared.close();
    await removeFolder(folder);
  });
  const daemon = await prepared.start();
  return {
    daemon,
    lines,
    isUp: () => ['lan0', 'lan1', 'lan2'].filter((name) => (kernel.flags(name) & 1) === 1),
    repair: () => kernel.carrier('em0', 'up'),
    isLocked: (id: string) => holderOf(id, networkNamespaceId(kernel.libc.target), runtime) !== null,
  };
}

/** Where something throws that never should, and what of a daemon that is. */
const PLACES: Readonly<Record<string, (daemon: Running) => object>> = {
  'resolving the names': (daemon) => ({
    identity: { ...daemon.identity, resolveAll: () => Promise.reject(new Error('made up')) },
  }),
  'finding what the names mean': (daemon) => ({
    identity: { ...daemon.identity, look: throwingAt(1, daemon.identity.look) },
  }),
  'locking what the names mean': (daemon) => ({
    identity: { ...daemon.identity, look: throwingAt(2, daemon.identity.look) },
  }),
  'replacing the rules, before anything is released': (daemon) => ({
    daemon: instead(daemon.daemon, { replace: throwingAt(1, daemon.daemon.replace) }),
  }),
  'replacing the rules, after that': (daemon) => {
    const { replace } = daemon.daemon;
    const fails = throwingAt(1, () => {});
    return {
      daemon: instead(daemon.daemon, {
        replace(...words: Parameters<typeof replace>) {
          replace(...words);
          fails();
        },
      }),
    };
  },
  'reading everything for the new rules': (daemon) => ({
    daemon: instead(daemon.daemon, { readAll: throwingAt(1, daemon.daemon.readAll) }),
  }),
  'saving the state': () => ({ state: { changed: throwingAt(1, () => {}) } }),
};

function throwingAt<Words extends unknown[], Answer>(at: number, real: (...words: Words) => Answer) {
  let calls = 0;
  return (...words: Words): Answer => {
    calls += 1;
    if (calls === at) {
      throw new Error('made up');
    }
    return real(...words);
  };
}

function instead<Whole extends object>(whole: Whole, part: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get: (target, key) => Reflect.get(key in part ? part : target, key),
  });
}

test.each(Object.keys(PLACES))(
  '%s throws during a reload: the running configuration goes on, nothing else is locked, and the next reload works',
  async (place) => {
    const { daemon, lines, isUp, repair, isLocked } = await running();
    // Set one after another, in as many turns of the event loop as that takes.
    await expect.poll(isUp).toEqual(['lan2']);
    const faulty = instead(daemon, PLACES[place]?.(daemon) ?? {});
    const error = await reload(faulty);
    expect(error?.message).toBe('Error: made up');
    expect(lines).toContain('not reloaded, going on as before: Error: made up');
    expect(Object.keys(daemon.settings.policy.groups)).toEqual(['g']);
    expect(daemon.daemon.status.groups.map(({ name }) => name)).toEqual(['g']);
    expect([isUp(), isLocked('lan0'), isLocked('lan2')]).toEqual([['lan2'], true, false]);
    repair();
    await expect.poll(isUp).toEqual(['lan0', 'lan1', 'lan2']);
    expect(await reload(daemon)).toBe(null);
    expect(daemon.daemon.status.groups.map(({ name }) => name)).toEqual(['h']);
    expect([isLocked('lan0'), isLocked('lan2')]).toEqual([false, true]);
  },
);
