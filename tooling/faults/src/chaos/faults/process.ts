import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Fault } from '../fault.ts';
import type { World } from '../world.ts';
import { flip } from './links.ts';

async function flipSome(world: World): Promise<void> {
  for (let left = world.random.below(4); left > 0; left -= 1) {
    flip(world);
  }
}

export const processFaults: readonly Fault[] = [
  {
    id: 'R7',
    name: 'kill -9, sources change, started again',
    weight: 2,
    async inject(world) {
      world.daemon.signal('SIGKILL');
      await world.daemon.ended();
      await flipSome(world);
      await world.start();
    },
  },
  {
    id: 'R8',
    name: 'SIGTERM in a storm, started again',
    weight: 1,
    async inject(world) {
      const storm = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
      const ended = new Promise((resolve) => storm.once('close', resolve));
      const lines = Array.from({ length: 3000 }, (_, at) => `link set base0 alias storm${at}`);
      storm.stdin.end(`${lines.join('\n')}\n`);
      await flipSome(world);
      world.daemon.signal('SIGTERM');
      const code = await world.daemon.ended();
      if (code !== 0 || existsSync(world.socket)) {
        throw new Error(`SIGTERM: ended with ${code}, socket left: ${existsSync(world.socket)}`);
      }
      await ended;
      await flipSome(world);
      await world.start();
    },
  },
];
