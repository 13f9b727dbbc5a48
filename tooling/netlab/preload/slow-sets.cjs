'use strict';
// Loaded into a daemon before its first line (node --require): its calls that set an interface take longer while a test
// wants that, and are recorded. See src/slow-sets.ts.
const { appendFileSync, readFileSync } = require('node:fs');
const koffi = require('koffi');

const folder = process.env.IFDEPD_TEST_SLOW_SETS;
/** linux/sockios.h */
const SIOCSIFFLAGS = 0x8914;
/** linux/rtnetlink.h: a change of protodown. */
const RTM_SETLINK = 19;

/** Whether a call sets an interface, by its symbol. */
const SETS = {
  ioctl: (words) => Number(words[1]) === SIOCSIFFLAGS,
  sendto: (words) => words[1] instanceof Uint8Array && (words[1][4] | (words[1][5] << 8)) === RTM_SETLINK,
};

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

function slow(isSet, call) {
  return (...words) => {
    const when = isSet(words) ? death() : '';
    if (when !== '') {
      if (when === 'after') {
        call(...words);
      }
      process.kill(process.pid, 'SIGKILL');
    }
    const ms = isSet(words) ? delay() : null;
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
  };
}

if (folder !== undefined) {
  const { load } = koffi;
  koffi.load = (...words) => {
    const library = load(...words);
    return {
      symbol: (...names) => library.symbol(...names),
      func(symbol, ...rest) {
        const call = library.func(symbol, ...rest);
        return symbol in SETS ? slow(SETS[symbol], call) : call;
      },
    };
  };
}
