import fc from 'fast-check';
import type { CreatedKind, LinkOperation } from '../../../src/index.ts';

/** Link operations for one namespace: first links are made, then things happen to them. */
export interface LinkProgram {
  /** Whether there is a tap, as a network card, before all else. */
  readonly tap: boolean;
  readonly build: readonly LinkOperation[];
  readonly steps: readonly LinkOperation[];
}

/** What programs a kernel can run. */
export interface HostFacts {
  /** The kinds of links that it has. */
  readonly kinds: readonly CreatedKind[];
  /** Whether taps can be made. */
  readonly taps: boolean;
  /** Whether a link that is up can be renamed: Linux 6.2 and later. */
  readonly renamesWhatIsUp: boolean;
}

/** The name of the tap. */
export const TAP = 'tap0';

type Make = readonly [kind: CreatedKind, on: number];

/** What a program makes of its numbers: a link stands on one that was made before it. */
function built(makes: readonly Make[], tap: boolean): { build: LinkOperation[]; names: string[] } {
  const build: LinkOperation[] = [];
  const names: string[] = tap ? ['lo', TAP] : ['lo'];
  for (const [at, [kind, on]] of makes.entries()) {
    const name = `${kind.slice(0, 2)}${at}`;
    const below = names[on % names.length] ?? 'lo';
    switch (kind) {
      case 'veth':
        build.push({ op: 'create', kind, name, peer: `p${name}` });
        names.push(`p${name}`);
        break;
      case 'vlan':
      case 'macvlan':
        build.push({ op: 'create', kind, name, on: below, id: 10 + at });
        break;
      default:
        build.push({ op: 'create', kind, name });
    }
    names.push(name);
  }
  return { build, names };
}

const target = fc.nat({ max: 11 });
const admin = fc.constantFrom('up' as const, 'down' as const);
const by = fc.constantFrom('ioctl' as const, 'netlink' as const);

type Step = (names: readonly string[], at: number) => LinkOperation;

/** A master for a link. The ports of a bond are not compared. */
function masterAt(names: readonly string[], at: number): string | null {
  const name = nameAt(names, at);
  return name.startsWith('bo') ? null : name;
}

const nameAt = (names: readonly string[], at: number) => names[at % names.length] ?? 'lo';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(target, admin, by).map(
      ([one, to, way]): Step =>
        (names) => ({ op: 'admin', name: nameAt(names, one), to, by: way }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(target, target).map(
      ([one, to]): Step =>
        (names) => ({ op: 'master', name: nameAt(names, one), to: masterAt(names, to) }),
    ),
  },
  {
    weight: 1,
    arbitrary: target.map(
      (one): Step =>
        (names) => ({ op: 'master', name: nameAt(names, one), to: null }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(target, admin).map(
      ([one, to]): Step =>
        (names) => ({ op: 'carrier', name: nameAt(names, one), to }),
    ),
  },
  {
    weight: 2,
    arbitrary: target.map(
      (one): Step =>
        (names) => ({ op: 'delete', name: nameAt(names, one) }),
    ),
  },
  {
    weight: 1,
    arbitrary: target.map(
      (one): Step =>
        (names, at) => ({ op: 'alias', name: nameAt(names, one), to: `alias ${at}` }),
    ),
  },
  {
    weight: 1,
    arbitrary: target.map(
      (one): Step =>
        (names, at) => ({ op: 'altname', name: nameAt(names, one), to: `alternative-name-${at}` }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(target, fc.constantFrom('on' as const, 'off' as const)).map(
      ([one, to]): Step =>
        (names) => ({ op: 'protodown', name: nameAt(names, one), to }),
    ),
  },
  {
    weight: 1,
    arbitrary: target.map(
      (one): Step =>
        (names) => ({ op: 'ask', name: nameAt(names, one) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(target, target).map(
      ([one, on]): Step =>
        (names, at) => ({
          op: 'create',
          kind: 'macvlan',
          name: `late${at}`,
          on: nameAt(names, on + one),
          id: at,
        }),
    ),
  },
);

/** An address in a net of the link's own, and a route by way of a router in it. */
const ipv4 = fc.tuple(target, fc.boolean(), fc.boolean()).map(
  ([one, isRoute, there]): Step =>
    (names) => {
      const number = one % names.length;
      const name = nameAt(names, one);
      const to = there ? 'there' : 'gone';
      return isRoute
        ? { op: 'route', name, net: `10.200.${number}.0/24`, via: `10.${number}.0.2`, to }
        : { op: 'address', name, net: `10.${number}.0.1/24`, to };
    },
);

const rename = target.map(
  (one): Step =>
    (names, at) => ({ op: 'rename', name: nameAt(names, one), to: `new${at}` }),
);

/**
 * Random programs.
 *
 * @param length steps after the links were made and set up
 */
export function linkPrograms(
  { kinds, taps, renamesWhatIsUp }: HostFacts,
  length: number,
): fc.Arbitrary<LinkProgram> {
  const make = fc.tuple(fc.constantFrom(...kinds), target);
  return fc
    .tuple(
      fc.boolean(),
      fc.array(make, { minLength: 2, maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
      fc.array(
        renamesWhatIsUp
          ? fc.oneof({ weight: 20, arbitrary: step }, { weight: 8, arbitrary: ipv4 }, rename)
          : fc.oneof({ weight: 2, arbitrary: step }, ipv4),
        {
          minLength: length,
          maxLength: length,
        },
      ),
    )
    .map(([wish, makes, ups, steps]) => {
      const tap = wish && taps;
      const { build, names } = built(makes, tap);
      const raised = names
        .filter((_, at) => ups[at])
        .map((name): LinkOperation => ({ op: 'admin', name, to: 'up', by: 'netlink' }));
      return { tap, build, steps: [...raised, ...steps.map((one, at) => one(names, at))] };
    });
}
