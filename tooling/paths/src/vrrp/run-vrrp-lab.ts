import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Gateways, otherNamespace, plug, twoGateways } from '@ifdepd/netlab';
import { SERVER, type SetUp, startGateway, VIRTUAL } from './set-ups.ts';
import { type Client, echoServer, startClient, type Traffic } from './traffic.ts';

/** What happens to the upstream of the master. */
export interface LabEvent {
  readonly name: string;
  make(lab: Gateways): Promise<void> | void;
  repair(lab: Gateways): void;
}

/** States of a port, of linux/if_bridge.h. */
const DISABLED = '0';
const FORWARDING = '3';

function portOfA(state: string): void {
  execFileSync('bridge', ['link', 'set', 'dev', 'a-wan', 'state', state]);
}

const FLAPS = 15;
const HALF_PERIOD_MS = 100;

export const labEvents: readonly LabEvent[] = [
  { name: 'WAN cable cut', make: ({ a }) => a.cut('wan'), repair: ({ a }) => a.repair('wan') },
  { name: 'LAN cable cut', make: ({ a }) => a.cut('lan'), repair: ({ a }) => a.repair('lan') },
  {
    name: 'WAN path dead',
    // The port of the switch forwards nothing any more; the carrier stays.
    make: () => portOfA(DISABLED),
    repair: () => portOfA(FORWARDING),
  },
  {
    name: `WAN cable, ${FLAPS} cuts at ${500 / HALF_PERIOD_MS} Hz`,
    async make({ a }) {
      for (let flap = 0; flap < FLAPS; flap += 1) {
        a.cut('wan');
        await sleep(HALF_PERIOD_MS);
        a.repair('wan');
        await sleep(HALF_PERIOD_MS);
      }
    },
    repair: () => {},
  },
];

/** What one trial has measured: the outage after the event, and that after the repair. */
export interface Trial {
  readonly event: string;
  /** Milliseconds; null where nothing flowed until the repair. */
  readonly outageMs: number | null;
  readonly lost: number;
  readonly repairMs: number;
}

/** Traffic counts as flowing when nothing was lost for this long, in milliseconds. */
const FLOWING_MS = 400;
/** What to do with one set-up. */
export interface SetUpOptions {
  /** The file of the built daemon. */
  readonly program: string;
  readonly setUp: SetUp;
  readonly events: readonly LabEvent[];
  /** How often each event is made. */
  readonly trials: number;
  /** Milliseconds of an outage after which the repair comes. */
  readonly longestMs: number;
}

/** Makes events with one set-up, in a network namespace of its own. @throws {Error} where traffic does not come back after a repair */
export async function runSetUp({
  program,
  setUp,
  events,
  trials,
  longestMs,
}: SetUpOptions): Promise<readonly Trial[]> {
  using lab = await twoGateways();
  using near = await otherNamespace();
  using far = await otherNamespace();
  plug(near, 'client', 'lan', 'eth0', '192.0.2.100/24');
  plug(far, 'server', 'wan', 'eth0', `${SERVER}/24`);
  near.run('ip', 'route', 'add', 'default', 'via', VIRTUAL.lan);
  far.run('ip', 'route', 'add', 'default', 'via', VIRTUAL.wan);
  using _server = await far.serve(echoServer);
  await using _a = await startGateway(program, lab.a, setUp);
  await using _b = await startGateway(program, lab.b, setUp);
  using client = startClient(near, SERVER);
  const results: Trial[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    for (const event of events) {
      await home(lab, client);
      client.mark();
      await event.make(lab);
      const after = await flowing(client, longestMs);
      client.mark();
      event.repair(lab);
      const back = await home(lab, client);
      const { lost, outageMs } = after ?? { lost: 0, outageMs: null };
      results.push({ event: event.name, outageMs, lost, repairMs: back.outageMs });
    }
  }
  return results;
}

/** Waits until traffic flows; null where it does not in time. */
async function flowing(client: Client, longestMs: number): Promise<Traffic | null> {
  for (const until = performance.now() + longestMs; performance.now() < until; ) {
    await sleep(50);
    const traffic = await client.report();
    if (traffic.flowsMs >= FLOWING_MS) {
      return traffic;
    }
  }
  return null;
}

/** Waits until traffic flows through gateway `a`, which alone is master of both. @throws {Error} where that does not come */
async function home({ a, b }: Gateways, client: Client): Promise<Traffic> {
  const addresses = Object.values(VIRTUAL);
  for (const until = performance.now() + 60_000; performance.now() < until; ) {
    const traffic = await client.report();
    if (traffic.flowsMs >= FLOWING_MS && addresses.every((one) => a.has(one) && !b.has(one))) {
      return traffic;
    }
    await sleep(50);
  }
  throw new Error('gateway a did not become master again within a minute');
}
