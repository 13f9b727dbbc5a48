import type { Daemon } from './daemon.ts';
import type { Lab } from './lab.ts';
import type { LinkFlag } from './links.ts';

/** An interface that the daemon sets. */
export interface Destination {
  readonly name: string;
  /** Makes it, and sets it up. */
  readonly make: (lab: Lab) => Promise<unknown>;
  /** More words for the daemon. Default: none. */
  readonly words?: readonly string[];
  /** What shows that it was set. Default: `up`. */
  readonly flag?: LinkFlag;
}

/** A source, and how it is lost and found. */
export interface Course {
  readonly source: string;
  readonly cut: () => Promise<unknown>;
  readonly repair: () => Promise<unknown>;
  /** Deletes the source. Default: it is not deleted. */
  readonly remove?: () => Promise<unknown>;
  /** What the destination has to survive. Default: nothing is tried. */
  readonly harmless?: () => Promise<unknown>;
  /** Default: a dummy. */
  readonly destination?: Destination;
}

const dummy: Destination = {
  name: 'dst',
  async make(lab) {
    await lab.ip('link add dst type dummy');
    await lab.ip('link set dst up');
  },
};

/**
 * Runs the daemon over a source through rounds of cut and repair, each followed by a second cut at once, within the second in
 * which the kernel delays its messages, and a repair; then the source is deleted. The destination has to follow each of them,
 * and has to be set as often as the source was lost or found: not once less, and not once more.
 */
export async function follow(lab: Lab, course: Course): Promise<void> {
  const { source, cut, repair, remove, harmless, destination = dummy } = course;
  const { name, make, words = [], flag = 'up' } = destination;
  await make(lab);
  const daemon = await lab.daemon('-S', source, '-D', name, ...words);
  const reach = (on: boolean, when: string): Promise<void> =>
    lab.wait(
      `${name} ${on ? 'to be up' : 'to be down'} after ${when}`,
      () => lab.links.is(name, flag) === on,
    );
  await lab.wait(`${source} to be active`, () => settled(daemon));
  await reach(true, `the start with ${source}`);
  const since = lab.guest.observations.length;
  const losses = daemon.losses(source);
  let cuts = 0;
  await harmless?.();
  for (let round = 1; round <= lab.rounds; round += 1) {
    for (const which of ['first', 'second']) {
      const when = `the ${which} cut of round ${round} of ${source}`;
      await cut();
      await reach(false, when);
      await repair();
      await reach(true, `the repair after ${when}`);
      cuts += 1;
    }
  }
  if (remove !== undefined) {
    await remove();
    await reach(false, `the deletion of ${source}`);
    cuts += 1;
  }
  await lab.wait(`${cuts} losses of ${source} to be logged`, () => daemon.losses(source) - losses >= cuts);
  const flips = lab.links.flips(name, flag, since);
  const wanted = 2 * cuts - (remove === undefined ? 0 : 1);
  const logged = daemon.losses(source) - losses;
  if (flips !== wanted || logged !== cuts) {
    throw new Error(
      `${source} was lost ${cuts} times: ${name} was set ${flips} times instead of ${wanted}, and ${logged} losses are logged`,
    );
  }
}

/** Whether the last decision has found all sources active. */
export function settled(daemon: Daemon): boolean {
  return daemon.log().findLast(({ event }) => event === 'transition')?.to === 'up';
}
