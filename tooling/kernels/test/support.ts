import type { Observation } from '../src/agent/messages.ts';
import type { Guest } from '../src/machine/guest.ts';

/** The process id of every program of {@link agreeingGuest}. */
export const PID = 7;

/** A line of the daemon's log, as the agent sends it. */
export function logged(fields: object): Observation {
  return {
    see: 'line',
    pid: PID,
    text: JSON.stringify({ time: '2026-11-30T10:00:00.000Z', ...fields }),
  };
}

/** A guest that agrees to everything, and whose daemon is ready as soon as it is started. */
export function agreeingGuest(observations: Observation[]): Guest {
  return {
    observations,
    ...{ accelerator: 'tcg', node: 'v20.19.0', bootMs: 1 },
    machine: { console: () => '[ 1.0] e1000: NIC Link is Down\n' },
    async ask(request: { readonly do: string }) {
      if (request.do === 'start') {
        observations.push(logged({ event: 'ready', msg: 'ready: watching e1000 -> dst' }));
      }
      return { id: 1, status: request.do === 'start' ? PID : 0, output: '', error: '' };
    },
  } as unknown as Guest;
}
