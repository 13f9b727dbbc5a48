import type { Expression } from '../config.ts';
import type { Health, Phase } from '../events.ts';

/** The input of an expression. */
export interface Readings {
  readonly health: Map<string, Health>;
  readonly phase: Map<string, Phase>;
  /** The last health of each rule with hysteresis, by its place; true for active. */
  readonly held: Map<string, boolean>;
  /** The health of a source that was never listed: unknown until the first complete snapshot. */
  unlisted?: Health;
}

/** Which results are still possible: both, while something unknown decides. */
export interface Possible {
  readonly canHold: boolean;
  readonly canFail: boolean;
}

/** Which results of an expression are possible, by those of its parts. */
export function possible(
  expression: Expression,
  place: string,
  readings: Readings,
  visit: (group: string) => void,
): Possible {
  const ask = (part: Expression, index: number): Possible =>
    possible(part, `${place}/${index}`, readings, visit);
  if (typeof expression === 'string') {
    const health = readings.health.get(expression) ?? readings.unlisted ?? 'unknown';
    return { canHold: health !== 'failed', canFail: health !== 'active' };
  }
  if ('group' in expression) {
    visit(expression.group);
    const phase = readings.phase.get(expression.group);
    return {
      canHold: phase !== 'down' && phase !== 'coming-up' && phase !== 'drained',
      canFail: phase !== 'up' && phase !== 'going-down',
    };
  }
  if ('not' in expression) {
    const { canHold, canFail } = ask(expression.not, 0);
    return { canHold: canFail, canFail: canHold };
  }
  if ('all' in expression) {
    const parts = expression.all.map(ask);
    return { canHold: parts.every((part) => part.canHold), canFail: parts.some((part) => part.canFail) };
  }
  if ('any' in expression) {
    const parts = expression.any.map(ask);
    return { canHold: parts.some((part) => part.canHold), canFail: parts.every((part) => part.canFail) };
  }
  if ('weight' in expression) {
    const { atLeast, below = atLeast, of } = expression.weight;
    let [least, most] = [0, 0];
    of.forEach(({ source, weight }, index) => {
      const part = ask(source, index);
      if (!part.canFail) least += weight;
      if (part.canHold) most += weight;
    });
    return hysteresis(least, most, [atLeast, below], place, readings);
  }
  const parts = expression.of.map(ask);
  const { atLeast, below = atLeast } = expression;
  const wanted = (count: number | string): number =>
    typeof count === 'number' ? count : (Number.parseFloat(count) / 100) * parts.length;
  return hysteresis(
    parts.filter((part) => !part.canFail).length,
    parts.filter((part) => part.canHold).length,
    [wanted(atLeast), wanted(below)],
    place,
    readings,
  );
}

/** The result of a sum between `least` and `most`, for a rule that is active from one threshold and failed below another. */
function hysteresis(
  least: number,
  most: number,
  [atLeast, below]: readonly [number, number],
  place: string,
  readings: Readings,
): Possible {
  const was = readings.held.get(place) ?? false;
  const holds = (sum: number): boolean => sum >= atLeast || (was && sum >= below);
  const result = { canHold: holds(most), canFail: !holds(least) };
  if (result.canHold !== result.canFail) readings.held.set(place, result.canHold);
  return result;
}

/** The sum of the weights of the parts that are certainly active. */
export function naiveWeight(
  expression: Expression,
  place: string,
  readings: Readings,
  visit: (group: string) => void,
): number {
  const weighed = (parts: readonly Expression[], weightOf: (index: number) => number): number =>
    parts.reduce<number>((sum, part, index) => {
      const { canFail } = possible(part, `${place}/${index}`, readings, visit);
      return canFail ? sum : sum + weightOf(index);
    }, 0);
  if (typeof expression === 'string' || 'group' in expression) {
    return possible(expression, place, readings, visit).canFail ? 0 : 1;
  }
  if ('weight' in expression) {
    const { of } = expression.weight;
    return weighed(
      of.map(({ source }) => source),
      (index) => of[index]?.weight ?? 0,
    );
  }
  const parts =
    'not' in expression
      ? [expression.not]
      : 'all' in expression
        ? expression.all
        : 'any' in expression
          ? expression.any
          : expression.of;
  return weighed(parts, () => 1);
}
