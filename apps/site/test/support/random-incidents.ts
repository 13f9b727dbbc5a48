import fc from 'fast-check';
import type { Incident } from '../../playground/outcome.ts';

const SOURCES = ['eth0', 'eth1', 'wan0'] as const;

/** Mostly what is right, and sometimes a mistake. */
function mostly<Right>(right: fc.Arbitrary<Right>, ...wrong: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
}

const duration = mostly(fc.constantFrom('250ms', '3s', '1m', '0', '2.5'), 'soon', '-1s', '25d');
const sources = fc.subarray([...SOURCES], { minLength: 1 });
const members = fc.oneof<fc.Arbitrary<unknown>[]>(
  fc.record({
    sources: mostly(sources, [], 'eth0:1'),
    require: mostly(fc.constantFrom('all', 'any', '1', '50%'), 4, '0%'),
  }),
  sources.map((names) => ({ require: { any: names } })),
  sources.map((names) => ({ require: { all: [...names, { not: 'lte0' }] } })),
  fc.record({
    require: mostly(
      fc.constantFrom<unknown>(
        {
          weight: {
            'at-least': 2,
            of: [
              { source: 'eth0', weight: 1 },
              { source: 'wan0', weight: 2 },
            ],
          },
        },
        { 'at-least': 1, of: ['eth0', 'eth1'] },
      ),
      { group: 'three' },
      { any: [] },
    ),
  }),
);

/** A group as it may be written: most are right, some have a mistake. */
const group = fc
  .tuple(
    members,
    fc.record(
      {
        destinations: mostly(
          fc.constantFrom<unknown>(['vrrp.51'], ['vrrp.51', 'vrrp.52'], 'vrrp.51', {
            file: '/run/weight',
            value: 'weight',
          }),
          ['eth0'],
          [],
        ),
        'down-delay': duration,
        'up-delay': duration,
        'start-hold': duration,
        dampening: mostly(fc.constantFrom<unknown>({}, null), { suppress: 1 }),
        restore: mostly(fc.constantFrom('auto', 'manual'), 'never'),
      },
      { requiredKeys: ['destinations'] },
    ),
    mostly(fc.constant({}), { 'up-dealy': '3s' }),
  )
  .map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, unknown>>);

const words = (...lists: readonly (readonly string[])[]): fc.Arbitrary<string> =>
  fc.tuple(...lists.map((list) => fc.constantFrom(...list))).map((all) => all.join(' '));

const moments = fc.array(
  fc.record({
    after: fc.constantFrom(0, 100, 1000, 2500, 60_000),
    words: fc.oneof(
      { weight: 40, arbitrary: words(['eth0'], ['failed', 'active', 'unknown']) },
      { weight: 6, arbitrary: words(['down', 'up', 'pause', 'resume', 'restore'], ['one']) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'down one 5s',
          'eth9 failed',
          'eth0 gone',
          'wan0 failed lower layer',
          'end',
        ),
      },
    ),
  }),
  { maxLength: 8 },
);

function timelineOf(all: readonly { readonly after: number; readonly words: string }[]): string {
  let at = 0;
  return all
    .map(({ after, words }) => {
      at += after;
      return `${at}ms ${words}\n`;
    })
    .join('');
}

/** JSON is YAML; some are broken as a typing person breaks them. */
const configuration = fc
  .tuple(
    fc.record({ one: group, two: group }, { requiredKeys: ['one'] }),
    fc.boolean(),
    fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(200) }),
  )
  .map(([groups, indented, broken]) => {
    const text = JSON.stringify({ groups }, null, indented ? 2 : 0);
    return broken === null ? text : text.slice(0, broken);
  });

/** Incidents, always the same ones. */
export function randomIncidents(count: number): readonly Incident[] {
  return fc.sample(fc.record({ configuration, timeline: moments.map(timelineOf) }), {
    numRuns: count,
    seed: 20,
  });
}
