import { DESTINATIONS } from './host.ts';
import type { Judge } from './judge.ts';
import type { Operation } from './operation.ts';
import type { World } from './world.ts';

/** Does an operation on a host, and says to the judges what has happened and what they may excuse. */
export async function apply(operation: Operation, world: World, judge: Judge): Promise<void> {
  await change(operation, world, judge);
  world.noteSources();
}

async function change(operation: Operation, world: World, judge: Judge): Promise<void> {
  const { kernel, loop, operator } = world;
  const { running } = world;
  judge.changed();
  switch (operation.do) {
    case 'cable': {
      const { name, to, inMs } = operation;
      nowOrLater(world, inMs, () => {
        world.cable(name, to);
        judge.changed();
      });
      return;
    }
    case 'chatter': {
      const { name, messages, inMs = 0, everyMs = 0 } = operation;
      for (let count = 0; count < messages; count += 1) {
        nowOrLater(world, inMs + count * everyMs || undefined, () => {
          if (world.exists(name)) {
            operator.apply({ op: 'alias', name, to: `${count}` });
          }
        });
      }
      return;
    }
    case 'scarce-memory':
      kernel.scarce = true;
      world.time.after(operation.forMs, () => {
        kernel.scarce = false;
      });
      return;
    case 'admin': {
      const { name, to } = operation;
      if (world.exists(name)) {
        const before = DESTINATIONS.filter((id) => world.isUp(id));
        operator.apply({ op: 'admin', name, to, by: 'netlink' });
        for (const id of before.filter((id) => world.isUp(id) === false)) {
          judge.lowered(id);
        }
        if (DESTINATIONS.some((id) => id === name)) {
          judge.disturbed();
        }
      }
      return;
    }
    case 'unplug':
      if (world.exists(operation.name)) {
        kernel.detach(operation.name);
      }
      return;
    case 'plug':
      if (!world.exists(operation.name)) {
        world.attach(operation.name);
      }
      return;
    case 'rename': {
      const { name } = operation;
      const other = `${name}x`;
      const [from, to] = world.exists(name) ? [name, other] : [other, name];
      operator.apply({ op: 'rename', name: from, to });
      if (to === name && world.isUp(name) === false && !world.isSetDown(name)) {
        judge.lowered(name);
      }
      judge.disturbed();
      return;
    }
    case 'remake':
      operator.apply({ op: 'delete', name: operation.name });
      world.make(operation.name);
      judge.lowered(operation.name, true);
      judge.disturbed();
      return;
    case 'close-window':
      kernel.closeWindow();
      judge.windowClosed();
      return;
    case 'suspend':
      world.time.pass(operation.ms);
      world.wake();
      judge.disturbed();
      return;
    case 'set-wall-clock':
      loop.stepWallClock(operation.byMs);
      return;
    case 'pause':
    case 'down':
    case 'resume':
    case 'up':
      if (operation.inMs === undefined) {
        command(operation, world, judge);
      } else {
        // The daemon takes it in a turn of its event loop.
        world.time.after(operation.inMs, () => void loop.defer(() => command(operation, world, judge)));
      }
      return;
    case 'reload':
      world.configure(operation.config);
      judge.holds.forget();
      if (running !== null) {
        const { policy } = running.settings;
        const refused = await world.reload();
        world.writes.reloaded(policy, running.settings.policy, loop.now());
        judge.disturbed();
        if (refused !== null && world.faults.left === 0) {
          world.heard(`reload refused: ${refused.message}`);
          judge.refused(refused.message);
        }
      }
      return;
    case 'stop':
    case 'kill':
      await world.end(operation.do);
      return;
    case 'start':
      if (running === null) {
        judge.unowned(world.disk.takeUnrecorded());
        judge.began();
        await startOrRefuse(world);
        judge.unowned(world.disk.takeUnrecorded());
        judge.disturbed();
      }
      return;
    case 'crash':
      world.crashAfter(operation.calls);
      return;
    case 'cut-power':
      await world.cutPower(operation.part);
      judge.holds.forget();
      judge.disturbed();
      return;
    case 'fail-disk':
      world.disk.fail(operation.errno, operation.times, operation.skip);
      return;
    case 'fail':
      world.faults.fail(operation.call, operation);
      judge.disturbed();
      return;
    case 'slow':
      world.faults.slow(operation.call, operation.ms, operation.forMs);
      return;
    case 'heal':
      world.faults.heal();
      world.disk.fail('', 0);
      return;
  }
}

function nowOrLater(world: World, inMs: number | undefined, happen: () => void): void {
  if (inMs === undefined) {
    happen();
  } else {
    world.time.after(inMs, happen);
  }
}

function command(
  operation: Extract<Operation, { readonly group: string }>,
  world: World,
  judge: Judge,
): void {
  const { running } = world;
  if (running !== null) {
    const forMs = 'forMs' in operation ? operation.forMs : null;
    world.operate(operation.group, operation.do, forMs);
    if (running.written === world.settings) {
      judge.holds.operated(operation.group, operation.do, forMs, world.loop.now());
    } else {
      // A reload was refused: the next daemon may have other requirements.
      judge.holds.forget();
    }
    judge.disturbed();
  }
}

/** A start may be refused while a call fails. @throws what else it throws */
async function startOrRefuse(world: World): Promise<void> {
  const failing = world.faults.left;
  try {
    await world.start();
  } catch (error) {
    const isRefusal = error instanceof Error && /Exit|System/.test(error.name);
    if (!isRefusal || world.faults.left === failing) {
      throw error;
    }
    world.heard(`start refused: ${error.message}`);
    world.faults.heal();
  }
}
