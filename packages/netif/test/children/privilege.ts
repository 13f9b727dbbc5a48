// Started with an interface's name: what a process with these privileges may do to it.
import { SystemError } from '@ifdepd/libc';
import { openNetIf } from '../../src/index.ts';

const [name = ''] = process.argv.slice(2);
using netif = openNetIf();

function attempt(): string {
  try {
    return netif.setAdmin(name, 'down').changed ? 'set' : 'left';
  } catch (error) {
    return error instanceof SystemError ? error.kind : String(error);
  }
}

process.stdout.write(
  JSON.stringify({
    maySet: netif.maySet(name),
    link: netif.media(name),
    attempt: attempt(),
    up: netif.flags(name).up,
  }),
);
