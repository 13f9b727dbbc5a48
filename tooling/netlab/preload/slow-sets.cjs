'use strict';
// Loaded into a daemon before its first line (node --require): its calls that set an interface take longer while a test
// wants that, and are recorded. See src/slow-sets.ts.
const { appendFileSync, readFileSync } = require('node:fs');
const koffi = require('koffi');
const { aroundSets } = require('./set-calls.cjs');

const folder = process.env.IFDEPD_TEST_SLOW_SETS;
const never = new Int32Array(new SharedArrayBuffer(4));
const now = () => Number(process.hrtime.bigint()) / 1e6;
let count = 0;

/** @returns the milliseconds that the next call takes longer; null while the test wants none */
function delay() {
  let text;
  try {
    text = readFileSync(`${folder}/delay`, 'latin1');
  } catch {
    return null;
  }
  const [least, most] = text.split(' ').map(Number);
  count += 1;
  return least + ((count * 7) % (most - least + 1));
}

/** How many calls the test has let pass. */
let passed = 0;

/** Whether the process is killed right before or right after this call: 'before', 'after' or ''. */
function death() {
  try {
    const [when, after] = readFileSync(`${folder}/kill`, 'latin1').split(' ');
    passed += 1;
    return passed > Number(after) ? when : '';
  } catch {
    return '';
  }
}

function slow(call, words) {
  const when = death();
  if (when !== '') {
    if (when === 'after') {
      call(...words);
    }
    process.kill(process.pid, 'SIGKILL');
  }
  const ms = delay();
  if (ms === null) {
    return call(...words);
  }
  const began = now();
  Atomics.wait(never, 0, 0, ms);
  const answer = call(...words);
  const errno = koffi.errno();
  appendFileSync(`${folder}/calls`, `${began} ${now()}\n`);
  // The daemon reads it next.
  koffi.errno(errno);
  return answer;
}

if (folder !== undefined) {
  aroundSets(slow);
}
