// The program in the guest: it does what the host asks, and sends what the kernel and the daemon report.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Tap, tap } from '@ifdepd/netlab';
import type { Answer, Request } from './messages.ts';
import { openPort } from './port.ts';
import { watch } from './watch.ts';

const port = openPort();
const taps = new Map<string, Tap>();

type Outcome = Partial<Omit<Answer, 'id'>>;

function run([program = '', ...words]: readonly string[]): Outcome {
  const { error, status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  return { status: status ?? -1, output: stdout, error: error?.message ?? stderr.trim() };
}

function start([program = '', ...words]: readonly string[]): Outcome {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? -1;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => port.send({ see: 'line', pid, text }));
  }
  child.once('error', ({ message }) => port.send({ see: 'ended', pid, how: message }));
  child.once('close', (code, signal) => port.send({ see: 'ended', pid, how: signal ?? `exit ${code}` }));
  return { status: pid };
}

function carrier({ name, carrier: on, kind }: Extract<Request, { do: 'tap' }>): Outcome {
  const made = taps.get(name) ?? tap(name, kind);
  taps.set(name, made);
  if (on) {
    made.repair();
  } else {
    made.cut();
  }
  return {};
}

function untap(name: string): Outcome {
  taps.get(name)?.[Symbol.dispose]();
  taps.delete(name);
  return {};
}

function perform(request: Request): Outcome {
  switch (request.do) {
    case 'run':
      return run(request.argv);
    case 'start':
      return start(request.argv);
    case 'signal':
      process.kill(request.pid, request.signal);
      return {};
    case 'tap':
      return carrier(request);
    case 'untap':
      return untap(request.name);
    case 'write':
      writeFileSync(request.path, request.text);
      return {};
    case 'read':
      return { output: readFileSync(request.path, 'utf8') };
  }
}

function answer({ id, ...request }: Request & { readonly id: number }): void {
  const atMs = Date.now();
  let outcome: Outcome;
  try {
    outcome = perform(request);
  } catch (error) {
    outcome = { status: -1, error: String(error) };
  }
  port.send({ id, status: 0, output: '', error: '', atMs, ...outcome });
}

watch((observation) => port.send(observation));
// The kernel lets this wait for the host; it would take a read before that for the end of the port.
port.send({ see: 'ready', node: process.version });
port.receive((value) => answer(value as Request & { readonly id: number }));
