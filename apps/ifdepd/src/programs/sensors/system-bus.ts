import { connect } from 'node:net';
import { errorCode } from '../../system/directories.ts';
import { realLoop, type Timer } from '../../system/loop.ts';
import {
  BUS_TYPE,
  type BusCall,
  type BusMessage,
  decodeMessage,
  encodeCall,
  messageLength,
} from './bus-message.ts';

/** Where the system bus listens: file-hierarchy(7), and the default of the D-Bus specification. */
export const SYSTEM_BUS = '/run/dbus/system_bus_socket';

/** Milliseconds for the answer to a call. */
const ANSWER_MS = 5000;

const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** A connection to the system bus. */
export interface SystemBus extends Disposable {
  /** Calls a method. Rejects with an error in words where the bus refuses, does not answer, or has gone. */
  call(call: BusCall): Promise<BusMessage>;
  /** Receives the signals that match a rule from now on. */
  addMatch(rule: string): Promise<BusMessage>;
}

interface Waiting {
  readonly done: (message: BusMessage) => void;
  readonly failed: (error: Error) => void;
  readonly late: Timer;
}

/**
 * Connects to the system bus: signs in as this user, and says hello.
 *
 * @param signal is called with each signal that matches a rule
 * @param closed is called once, with the reason, when the connection has ended by itself
 */
export async function openSystemBus(
  path: string,
  signal: (message: BusMessage) => void,
  closed: (reason: string) => void,
): Promise<SystemBus> {
  const waiting = new Map<number, Waiting>();
  const socket = connect(path);
  let bytes: Buffer = Buffer.alloc(0);
  let isSignedIn = false;
  let isGreeted = false;
  let serial = 0;
  let ended: Error | null = null;
  let signedIn = () => {};
  let refused = (_: Error) => {};
  const signingIn = new Promise<void>((done, failed) => {
    signedIn = done;
    refused = failed;
  });
  const late = realLoop.setTimer(() => end('does not answer'), ANSWER_MS);

  function end(what: string): void {
    realLoop.clearTimer(late);
    if (ended === null) {
      ended = new Error(`the system bus ${path} ${what}`);
      socket.destroy();
      for (const one of waiting.values()) {
        realLoop.clearTimer(one.late);
        one.failed(ended);
      }
      waiting.clear();
      refused(ended);
      closed(ended.message);
    }
  }

  function take(message: BusMessage): void {
    if (message.type === BUS_TYPE.signal) {
      signal(message);
      return;
    }
    const one = waiting.get(message.replyTo);
    waiting.delete(message.replyTo);
    realLoop.clearTimer(one?.late);
    if (message.type === BUS_TYPE.error) {
      one?.failed(new Error(message.text === '' ? message.errorName : message.text));
    } else {
      one?.done(message);
    }
  }

  /** The answer of the bus to the name of the user, a line. */
  function signIn(): void {
    const line = bytes.indexOf('\r\n');
    if (line >= 0) {
      const answer = bytes.toString('latin1', 0, line);
      if (!answer.startsWith('OK ')) {
        end(`refuses this user: ${answer.slice(0, 80)}`);
        return;
      }
      bytes = bytes.subarray(line + 2);
      isSignedIn = true;
      realLoop.clearTimer(late);
      socket.write('BEGIN\r\n');
      signedIn();
    }
  }

  function read(chunk: Buffer): void {
    bytes = Buffer.concat([bytes, chunk]);
    if (!isSignedIn) {
      signIn();
    }
    try {
      let length = isSignedIn ? messageLength(bytes) : null;
      while (length !== null && bytes.length >= length) {
        const message = decodeMessage(bytes.subarray(0, length));
        bytes = bytes.subarray(length);
        take(message);
        length = messageLength(bytes);
      }
    } catch (error) {
      end(`sent something unreadable: ${(error as Error).message}`);
    }
  }

  function call(what: BusCall): Promise<BusMessage> {
    if (ended !== null) {
      return Promise.reject(ended);
    }
    serial += 1;
    const own = serial;
    return new Promise((done, failed) => {
      const late = realLoop.setTimer(() => {
        waiting.delete(own);
        failed(new Error(`${what.destination} does not answer`));
      }, ANSWER_MS);
      waiting.set(own, { done, failed, late });
      socket.write(encodeCall(what, own));
    });
  }

  socket.on('data', read);
  const user = String(process.geteuid?.() ?? 0);
  // dbus-daemon does so with a user that it cannot look up, once it is signed in.
  const hungUp = () =>
    end(
      isGreeted
        ? 'has closed the connection'
        : `accepts no connection of user ${user}, who may be unknown to it: ifdepd check says what to do`,
    );
  socket.once('error', (error) =>
    ['EPIPE', 'ECONNRESET'].includes(errorCode(error))
      ? hungUp()
      : end(`cannot be used: ${errorCode(error) || error.message}`),
  );
  socket.once('close', hungUp);
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(user).toString('hex')}\r\n`);
  await signingIn;
  await call({ ...BUS, member: 'Hello', body: [] }).catch((error: Error) => {
    end(`refuses this user: ${error.message}`);
    throw error;
  });
  isGreeted = true;
  return {
    call,
    addMatch: (rule) => call({ ...BUS, member: 'AddMatch', body: [rule] }),
    [Symbol.dispose]() {
      closed = () => {};
      end('was left');
    },
  };
}
