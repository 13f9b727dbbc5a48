// Interfaces and a daemon for the smoke tests.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { system, UP } from './systems.mjs';

/** Milliseconds; far longer than anything here takes, as a virtual machine may be slow. */
const LONGEST_MS = 60_000;

const ifdepd = process.env.IFDEPD_COMMAND ?? 'ifdepd';
const directory = mkdtempSync(join(tmpdir(), 'ifdepd-lab-'));
const env = {
  ...process.env,
  RUNTIME_DIRECTORY: directory,
  STATE_DIRECTORY: directory,
};
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** The output of a command. Throws if it fails. @param {string} command @returns {string} */
export function run(command) {
  const [program, ...words] = command.split(' ');
  const { error, status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
  if (error !== undefined || status !== 0) {
    throw new Error(`${command}: ${error?.message ?? `exit ${status}: ${stderr.trim()}`}`);
  }
  return stdout;
}

/** @param {readonly string[]} commands */
export function runAll(commands) {
  for (const command of commands) {
    run(command);
  }
}

/** @param {string} name @param {'up' | 'down'} to */
export function set(name, to) {
  run(system[to].replace('NAME', name));
}

/** @param {string} name */
export function isUp(name) {
  return UP.test(run(system.show.replace('NAME', name)));
}

/** Waits for a condition. @param {string} what @param {() => boolean} holds @param {() => string} [more] */
export async function until(what, holds, more = () => '') {
  for (const end = Date.now() + LONGEST_MS; !holds(); await pause(20)) {
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${LONGEST_MS / 1000} s\n${more()}`);
    }
  }
}

/** Runs `ifdepd` to its end. @param {...string} words */
export function command(...words) {
  const { status, stdout, stderr } = spawnSync(ifdepd, words, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

/** Starts a daemon. @param {...string} words */
export function daemon(...words) {
  const child = spawn(ifdepd, ['-v', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log += text;
    });
  }
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  return {
    /** Waits until an interface is up or down. @param {string} name @param {'up' | 'down'} to */
    sets: (name, to) =>
      until(
        `${name} ${to}`,
        () => isUp(name) === (to === 'up'),
        () => log,
      ),
    /** Waits until the output of a command matches. @param {string} show @param {RegExp} pattern */
    shows: (show, pattern) =>
      until(
        `${show}: ${pattern}`,
        () => pattern.test(run(show)),
        () => log,
      ),
    /** Waits for a line of the log. @param {RegExp} pattern */
    logs: (pattern) =>
      until(
        `the log says ${pattern}`,
        () => pattern.test(log),
        () => log,
      ),
    /** Ends it. @param {NodeJS.Signals} signal @returns {Promise<{code: number | null, signal: string | null}>} */
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** The cable of the source, while it is in. */
let held = null;

/** Makes the source, with its cable in. */
export function makeSource() {
  runAll(system.makeSource);
  if (typeof system.cable === 'object' && system.cable.device !== undefined) {
    plug();
  }
}

export function removeSource() {
  unhold();
  runAll(system.removeSource);
}

/** Puts the cable in. */
export function plug() {
  const { cable } = system;
  if (cable.device !== undefined) {
    held = openSync(cable.device, 'r+');
  }
  runAll(cable.heal);
}

/** Pulls it. */
export function cut() {
  runAll(system.cable.cut);
  unhold();
}

function unhold() {
  if (held !== null) {
    closeSync(held);
    held = null;
  }
}

/** A file for this test. @param {string} name */
export function path(name) {
  return join(directory, name);
}
