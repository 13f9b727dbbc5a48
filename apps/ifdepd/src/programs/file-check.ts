import { type BigIntStats, stat } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { SourceReading } from '@ifdepd/policy';
import type { CheckSettings } from '../config/settings.ts';
import { errorCode } from '../system/directories.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import { folderWatch } from './folder-watch.ts';

type FileSettings = Extract<CheckSettings, { kind: 'file' }>;

/**
 * Milliseconds between two looks where nothing is heard. What inotify(7) does not report is found after half of this on
 * average: that the folder was replaced, that one above it was moved, that a symbolic link on the way leads elsewhere.
 */
const LOOK_MS = 500;

/** Milliseconds between two looks where much is heard. */
const LEAST_MS = 10;

/** Milliseconds after which a file system that does not answer is one that says nothing. */
const SILENCE_MS = 5000;

/**
 * Whether a file is there. The kernel reports changes (inotify on its folder), and the path is looked up again besides.
 * All of it by the thread pool: a file system that does not answer holds nothing but this check.
 *
 * @param answer called soon, and whenever the health or the reason changes
 */
export function fileCheck(
  id: string,
  settings: FileSettings,
  answer: (reading: SourceReading) => void,
): Disposable {
  const { path, activeWhen } = settings;
  const folder = dirname(path);
  const watching = folderWatch(folder, basename(path), look);
  let told = '';
  let askedAt: number | null = null;
  let again: Timer | undefined;
  let closed = false;

  function look(): void {
    if (closed) {
      return;
    }
    if (askedAt !== null) {
      again ??= realLoop.setTimer(() => {
        again = undefined;
        look();
      }, LEAST_MS);
      return;
    }
    askedAt = realLoop.now();
    try {
      // The watch first: what happens between the two is then seen twice, not never.
      stat(folder, { bigint: true }, (error, of: BigIntStats | undefined) => {
        if (!closed) {
          watching.follow(error === null ? (of ?? null) : null);
          stat(path, answered);
        }
      });
    } catch (error) {
      answered(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function answered(error: Error | null): void {
    askedAt = null;
    if (closed) {
      return;
    }
    const code = errorCode(error);
    const present = error === null;
    if (!present && code !== 'ENOENT' && code !== 'ENOTDIR') {
      say('failed', `${path} cannot be looked up: ${code || String(error)}`);
      return;
    }
    const { fault } = watching;
    const blind =
      fault === null ? '' : ` (looked up every ${LOOK_MS} ms: ${folder} cannot be watched: ${fault})`;
    const active = present === (activeWhen === 'present');
    say(active ? 'active' : 'failed', `${path} is ${present ? 'present' : 'missing'}${blind}`);
  }

  function say(health: SourceReading['health'], reason: string): void {
    if (told !== `${health} ${reason}`) {
      told = `${health} ${reason}`;
      answer({ id, health, reason });
    }
  }

  const timer = realLoop.setTicker(() => {
    if (askedAt !== null && realLoop.now() - askedAt > SILENCE_MS) {
      say('unknown', `the file system of ${path} has not answered for ${SILENCE_MS / 1000} s`);
    } else if (askedAt === null) {
      look();
    }
  }, LOOK_MS);
  look();
  return {
    [Symbol.dispose]() {
      closed = true;
      realLoop.clearTicker(timer);
      realLoop.clearTimer(again);
      watching[Symbol.dispose]();
    },
  };
}
