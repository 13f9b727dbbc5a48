import { type Cable, cable, until } from '@ifdepd/netlab';
import { health, watchLinks } from '../../src/index.ts';

/** A cable whose both ends are in use: the kernel makes their operational state a moment after it has set them up. */
export async function settledCable(name: string): Promise<Cable> {
  const plugged = cable(name);
  using watch = watchLinks({ backend: 'rtnetlink' });
  await until(`${name} up`, () =>
    [plugged.name, plugged.far].every((end) => health(watch.lookUp(end)).health === 'active'),
  );
  return plugged;
}
