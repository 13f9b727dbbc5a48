/**
 * What may wait for the reader of a log, in bytes or characters: more than is told of 10,000 groups at once, so that a reader
 * that keeps up gets all of it. What comes when that is full is counted instead of kept.
 */
export const MOST_WAITING = 4 * 1024 * 1024;

/** The line in place of those that were not kept. @param whose `the reader` */
export function lostWords(lines: number, whose: string): string {
  const [what, were] = lines === 1 ? ['log line', 'was'] : ['log lines', 'were'];
  return `${lines} ${what} ${were} lost: ${whose} did not keep up`;
}
