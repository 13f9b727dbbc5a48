import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Log } from '../../src/log/index.ts';
import type { Running } from '../../src/service/running.ts';
import { whenRunning } from '../../src/service/serve.ts';
import { ExitCode, ExitError } from '../../src/system/errors.ts';

/** A server whose parts cannot be loaded as long as there is a fault. */
function server() {
  const lines: string[] = [];
  const log: Log = { write: ({ message }) => void lines.push(message), close: () => Promise.resolve() };
  const served: Socket[] = [];
  const state: { fault: ExitError | null } = { fault: null };
  const running = Promise.resolve({} as Running);
  const accept = whenRunning({ running, log }, 'metrics', async () => {
    if (state.fault !== null) {
      throw state.fault;
    }
    return (socket) => void served.push(socket);
  });
  /** Connects. @returns whether the client is served */
  async function connect(): Promise<boolean> {
    const socket = new Socket();
    await accept(socket);
    return !socket.destroyed && served.at(-1) === socket;
  }
  return { state, lines, connect };
}

test('clients are disconnected while no descriptor is free to load what answers them, which is reported once, and are served afterwards', async () => {
  const { state, lines, connect } = server();
  state.fault = new ExitError(ExitCode.system, 'a part of ifdepd cannot be loaded: EMFILE');
  expect([await connect(), await connect()]).toEqual([false, false]);
  expect(lines).toEqual([
    'metrics: disconnected a client, and the next one may be served: a part of ifdepd cannot be loaded: EMFILE',
  ]);
  state.fault = null;
  expect([await connect(), await connect()]).toEqual([true, true]);
  expect(lines).toHaveLength(1);
});

test('clients are disconnected after an upgrade has removed what answers them, which is reported as the end of the server', async () => {
  const { state, lines, connect } = server();
  state.fault = new ExitError(ExitCode.unavailable, 'ifdepd was removed on disk; restart the daemon');
  expect(await connect()).toBe(false);
  expect(lines).toEqual(['metrics disabled: ifdepd was removed on disk; restart the daemon']);
});
