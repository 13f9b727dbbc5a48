'use strict';
// Loaded into a daemon before its first line (node --require): records the longest turn of its event loop, in milliseconds
// of processor time of its first thread, since it was ready, or since its first turn where IFDEPD_TEST_TURNS_SINCE=start. A busy
// machine does not lengthen that, as it does a turn by the clock. Calls that set an interface do not count. See src/turns.ts.
const fs = require('node:fs');
const koffi = require('koffi');
const { aroundSets } = require('./set-calls.cjs');

/** Shorter ones are not worth a file. */
const LEAST_MS = 10;

/** linux/time.h */
const CLOCK_THREAD_CPUTIME_ID = 3;

/** Longer than any uv_prepare_t. */
const HANDLE_BYTES = 512;

const folder = process.env.IFDEPD_TEST_TURNS;
const since = process.env.IFDEPD_TEST_TURNS_SINCE ?? 'ready';
const node = koffi.load(null);
const clockGettime = node.func('int clock_gettime(int clock, _Out_ uint8_t *time)');
const time = Buffer.alloc(16);
const fields = new BigInt64Array(time.buffer, time.byteOffset, 2);
/** Milliseconds of processor time of calls that set an interface, so far. */
let setting = 0;

// What the daemon starts again for work beside it inherits the option.
if (folder !== undefined && !process.argv.includes('worker')) {
  aroundSets(subtracted);
  if (since === 'start') {
    record();
  } else {
    whenReady(record);
  }
}

function processorMs() {
  clockGettime(CLOCK_THREAD_CPUTIME_ID, time);
  return Number(fields[0]) * 1e3 + Number(fields[1]) / 1e6;
}

function subtracted(call, words) {
  const began = processorMs();
  const answer = call(...words);
  const errno = koffi.errno();
  setting += processorMs() - began;
  // The daemon reads it next.
  koffi.errno(errno);
  return answer;
}

/** Calls back when the line of the log is written that says so. */
function whenReady(callback) {
  const { write } = fs;
  fs.write = (fd, bytes, ...rest) => {
    if (/ready: |"ready"/.test(String(bytes))) {
      fs.write = write;
      callback();
    }
    return write(fd, bytes, ...rest);
  };
}

function record() {
  const callback = koffi.proto('void Prepared(void *handle)');
  const path = `${folder}/${process.pid}.json`;
  let last = null;
  let longest = LEAST_MS;

  /** Called before the loop looks for events: once in each turn. */
  function turn() {
    const now = processorMs() - setting;
    if (last !== null && now - last > longest) {
      longest = now - last;
      try {
        // In one step: a process that is killed leaves the former record or this one.
        fs.writeFileSync(
          `${path}.new`,
          JSON.stringify({ pid: process.pid, words: process.argv.slice(2), since, longestMs: longest }),
        );
        fs.renameSync(`${path}.new`, path);
      } catch {
        // Another user, or a root folder of its own: nothing is recorded of that one.
      }
    }
    last = now;
  }

  const handle = Buffer.alloc(HANDLE_BYTES);
  const registered = koffi.register(turn, koffi.pointer(callback));
  node.func('int uv_prepare_init(void *loop, void *handle)')(node.func('void *uv_default_loop()')(), handle);
  node.func('int uv_prepare_start(void *handle, Prepared *callback)')(handle, registered);
  node.func('void uv_unref(void *handle)')(handle);
  // libuv keeps its address.
  process.once('exit', () => handle.length);
}
