import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceReading } from '@ifdepd/policy';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { fileCheck } from '../../src/programs/file-check.ts';

/** What `node:fs` answers instead of the system; null: the system. */
const fake = vi.hoisted(() => ({
  stats: 0,
  watch: null as ((...words: unknown[]) => unknown) | null,
  stat: null as ((path: string, done: (error: Error | null, stat?: object) => void) => void) | null,
}));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    default: real,
    watch: (...words: Parameters<typeof real.watch>) =>
      fake.watch === null ? real.watch(...words) : fake.watch(...words),
    stat: (path: string, ...rest: unknown[]) => {
      fake.stats += 1;
      const done = rest.at(-1) as (error: Error | null, stat?: object) => void;
      if (fake.stat === null) {
        Reflect.apply(real.stat, real, [path, ...rest]);
      } else {
        fake.stat(path, done);
      }
    },
  };
});

afterEach(() => {
  fake.watch = null;
  fake.stat = null;
  vi.useRealTimers();
});

/** Whatever is looked up is the same thing. */
const SAME = { dev: 1n, ino: 1n };

const errno = (code: string): Error => Object.assign(new Error(code), { code });

/** A check of a path below a new folder, and its last answer. */
function checked(path: string, folder: string = mkdtempSync(join(tmpdir(), 'ifdepd-check-'))) {
  const answers: SourceReading[] = [];
  const settings = { name: 'c', kind: 'file', path: join(folder, path), activeWhen: 'present' } as const;
  const check = fileCheck('check:c', settings, (reading) => answers.push(reading));
  onTestFinished(() => {
    check[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    answers,
    async comesTo(health: SourceReading['health'], reason: string | RegExp = '') {
      await vi.waitFor(() => {
        expect(answers.at(-1)?.health).toBe(health);
        expect(answers.at(-1)?.reason).toMatch(reason);
      }, 20_000);
    },
  };
}

describe('a file check', () => {
  test('follows its file, and a folder that is made after it', async () => {
    const { folder, comesTo } = checked('deep/flag');
    await comesTo('failed', 'deep/flag is missing');
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep/flag'), '');
    await comesTo('active', 'deep/flag is present');
    rmSync(join(folder, 'deep/flag'));
    await comesTo('failed');
  });

  test('a file check whose folder is replaced reads and watches the new one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-check-'));
    const [here, next] = [join(folder, 'here'), join(folder, 'next')];
    for (const one of [here, next]) {
      mkdirSync(one);
      writeFileSync(join(one, 'flag'), '');
    }
    const { comesTo } = checked('here/flag', folder);
    await comesTo('active');
    renameSync(here, join(folder, 'away'));
    renameSync(next, here);
    rmSync(join(here, 'flag'));
    await comesTo('failed');
    writeFileSync(join(here, 'flag'), '');
    await comesTo('active');
  });

  test('notices that a folder above was moved, and that a symbolic link leads elsewhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-check-'));
    for (const one of ['one', 'two']) {
      mkdirSync(join(folder, one, 'deep'), { recursive: true });
    }
    writeFileSync(join(folder, 'one/deep/flag'), '');
    symlinkSync('one', join(folder, 'link'));
    const { comesTo } = checked('link/deep/flag', folder);
    await comesTo('active');
    renameSync(join(folder, 'one'), join(folder, 'away'));
    await comesTo('failed');
    renameSync(join(folder, 'away'), join(folder, 'one'));
    await comesTo('active');
    symlinkSync('two', join(folder, 'other'));
    renameSync(join(folder, 'other'), join(folder, 'link'));
    await comesTo('failed');
  });

  test('a file check of a path that cannot be looked up has failed with the errno', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-check-'));
    symlinkSync('flag', join(folder, 'flag'));
    await checked('flag', folder).comesTo('failed', /flag cannot be looked up: ELOOP/);
  });

  test('tells others from its own file where its folder is busy', async () => {
    const { folder, comesTo } = checked('flag');
    await comesTo('failed');
    const before = fake.stats;
    for (let at = 0; at < 500; at += 1) {
      writeFileSync(join(folder, `other${at}`), '');
    }
    writeFileSync(join(folder, 'flag'), '');
    await comesTo('active');
    expect(fake.stats - before).toBeLessThan(100);
  });
});

describe('a folder that cannot be watched', () => {
  beforeEach(() =>
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }),
  );

  /** Lets so many seconds of fake time go by, with what the thread pool answers in them. */
  async function seconds(count: number): Promise<void> {
    for (let at = 0; at < count * 2; at += 1) {
      vi.advanceTimersByTime(500);
      await Promise.resolve();
    }
  }

  test.each(['EACCES', 'ENOSPC', 'EMFILE', 'ENOMEM', 'ENOENT'])(
    'for %s is tried with ever longer pauses, and the file is looked up all the same',
    async (code) => {
      let tries = 0;
      fake.watch = () => {
        tries += 1;
        throw errno(code);
      };
      let present = true;
      fake.stat = (path, done) => done(path.endsWith('flag') && !present ? errno('ENOENT') : null, SAME);
      vi.spyOn(process, 'uptime').mockImplementation(() => Date.now() / 1000);
      const { answers } = checked('flag');
      await seconds(600);
      expect(answers.map(({ health }) => health)).toEqual(['active']);
      expect(answers[0]?.reason).toContain(`cannot be watched: ${code}`);
      // After 1, 2, 4, 8, 16 and 32 s, and then every minute.
      expect(tries).toBeGreaterThan(10);
      expect(tries).toBeLessThan(20);
      present = false;
      await seconds(1);
      expect(answers.at(-1)?.health).toBe('failed');
    },
  );

  test('a folder whose watch reports an error later is watched again', async () => {
    const failing: ((error: Error) => void)[] = [];
    const close = vi.fn();
    fake.watch = () => ({ close, on: (_: string, fail: (error: Error) => void) => failing.push(fail) });
    fake.stat = (_path, done) => done(null, SAME);
    vi.spyOn(process, 'uptime').mockImplementation(() => Date.now() / 1000);
    const { answers } = checked('flag');
    await seconds(1);
    failing[0]?.(errno('EIO'));
    expect(close).toHaveBeenCalledTimes(1);
    await seconds(0.5);
    expect(answers.at(-1)?.reason).toContain('cannot be watched: EIO');
    await seconds(2);
    expect(failing).toHaveLength(2);
    expect(answers.at(-1)?.reason).not.toContain('cannot be watched');
  });

  test('a file check on a file system that does not answer is unknown until it does', async () => {
    let answerLate: (() => void) | undefined;
    let silent = true;
    fake.watch = () => ({ close() {}, on() {} });
    fake.stat = (_path, done) => {
      if (silent) {
        answerLate = () => done(null, SAME);
      } else {
        done(null, SAME);
      }
    };
    vi.spyOn(process, 'uptime').mockImplementation(() => Date.now() / 1000);
    const { answers } = checked('flag');
    await seconds(4);
    expect(answers).toEqual([]);
    await seconds(3);
    expect(answers).toMatchObject([
      { health: 'unknown', reason: expect.stringContaining('not answered for 5 s') },
    ]);
    silent = false;
    answerLate?.();
    await seconds(1);
    expect(answers.at(-1)).toMatchObject({ health: 'active' });
  });
});
