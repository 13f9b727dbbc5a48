import type { Daemon } from './daemon.ts';
import type { Lab } from './lab.ts';

/** A source, and how it is lost and found. */
export interface Course {
  readonly source: string;
  readonly cut: () => Promise<unknown>;
  readonly repair: () => Promise<unknown>;
  /** Deletes the source. Default: it is not deleted. */
  readonly remove?: () => Promise<unknown>;
  /** What the destination has to survive. Default: nothing is tried. */
  readonly harmless?: () => Promise<unknown>;
}

/** The destination where a scenario names none. */
export const DESTINATION = 'dst';

/**
 * Runs the daemon over a source through rounds of cut and repair, each followed by a second cut at once, within the second in
 * which the kernel delays its messages, and a repair; then the source is deleted. The destination has to follow each of them,
 * and has to be set as often as the source was lost or found: not once less, and not once more.
 */
export async function follow(lab: Lab, course: Course): Promise<void> {
  const { source, cut, repair, remove, harmless } = course;
  await lab.ip(`link add ${DESTINATION} type dummy`);
  await lab.ip(`link set ${DESTINATION} up`);
  const daemon = await lab.daemon('-S', source, '-D', DESTINATION);
  await destination(lab, 'up', `the start with ${source}`);
  await lab.wait(`${source} to be active`, () => settled(daemon));
  const since = lab.guest.observations.length;
  const losses = daemon.losses(source);
  let cuts = 0;
  await harmless?.();
  for (let round = 1; round <= lab.rounds; round += 1) {
    for (const which of ['first', 'second']) {
      const when = `the ${which} cut of round ${round} of ${source}`;
      await cut();
      await destination(lab, 'down', when);
      await repair();
      await destination(lab, 'up', `the repair after ${when}`);
      cuts += 1;
    }
  }
  if (remove !== undefined) {
    await remove();
    await destination(lab, 'down', `the deletion of ${source}`);
    cuts += 1;
  }
  await lab.wait(`${cuts} losses of ${source} to be logged`, () => daemon.losses(source) - losses >= cuts);
  const flips = lab.links.flips(DESTINATION, since);
  const wanted = 2 * cuts - (remove === undefined ? 0 : 1);
  const logged = daemon.losses(source) - losses;
  if (flips !== wanted || logged !== cuts) {
    throw new Error(
      `${source} was lost ${cuts} times: ${DESTINATION} was set ${flips} times instead of ${wanted}, and ${logged} losses are logged`,
    );
  }
}

/** Whether the first decision has found all sources active. */
function settled(daemon: Daemon): boolean {
  return daemon.log().findLast(({ event }) => event === 'transition')?.to === 'up';
}

/** Waits until the destination is set up or down. */
export async function destination(
  lab: Lab,
  to: 'up' | 'down',
  when: string,
  name = DESTINATION,
): Promise<void> {
  await lab.wait(`${name} to be ${to} after ${when}`, () => lab.links.up(name) === (to === 'up'));
}
