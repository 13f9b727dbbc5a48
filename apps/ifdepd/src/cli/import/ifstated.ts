import { type Act, negated, parseIfstated, type State } from './ifstated-parser.ts';
import {
  allOf,
  type Imported,
  type ImportedDestination,
  type ImportedGroup,
  type LeftOut,
  nameFrom,
  type Requirement,
} from './imported.ts';

/*
 * ifstated.conf(5) describes states and what leads from one to another. What can be taken: a destination that the beginning of a
 * state (or a condition) sets down, and the conditions that lead there. The destination is up while none of them holds.
 */

/** Reads ifstated.conf(5). */
export function importIfstated(text: string): Imported {
  const { states, checks } = parseIfstated(text);
  const left: LeftOut[] = [];
  const lowered = new Map<string, Lowered>();
  const note = (state: State, act: Act, conditions: () => readonly Requirement[]): void => {
    const destination = act.run === null ? null : loweredBy(act.run);
    if (act.run === null) {
      return;
    }
    if (destination === null) {
      if (raisedBy(act.run) === null) {
        left.push({
          line: act.line,
          what: `run "${act.run}" in state ${state.name}: write a hook, {on: [up, down], exec: […]}`,
        });
      }
      return;
    }
    const key = JSON.stringify(destination);
    const known = lowered.get(key) ?? { line: act.line, state: state.name, destination, conditions: [] };
    lowered.set(key, { ...known, conditions: [...known.conditions, ...conditions()] });
  };
  for (const state of states) {
    for (const act of state.init) {
      note(state, act, () => waysInto(state.name, states));
    }
    for (const act of state.body) {
      note(state, act, () => (act.when === null ? [] : [act.when]));
    }
  }
  const groups = grouped([...lowered.values()].filter(({ conditions }) => conditions.length > 0));
  for (const { line, state, conditions } of lowered.values()) {
    if (conditions.length === 0) {
      left.push({ line, what: `state ${state}: no condition leads to it` });
    }
  }
  const used = JSON.stringify(groups);
  return {
    groups,
    checks: checks.filter(({ name }) => used.includes(`{"check":${JSON.stringify(name)}}`)),
    left,
  };
}

interface Lowered {
  readonly line: number;
  readonly state: string;
  readonly destination: ImportedDestination;
  readonly conditions: readonly Requirement[];
}

/** Destinations that the same conditions take down are one group. */
function grouped(lowered: readonly Lowered[]): readonly ImportedGroup[] {
  const byRequirement = new Map<string, ImportedGroup>();
  const names = new Set<string>();
  for (const { line, state, destination, conditions } of lowered) {
    const require = allOf(
      conditions
        .map(negated)
        .flatMap((each) => (typeof each === 'object' && 'all' in each ? each.all : [each])),
    );
    const key = JSON.stringify(require);
    const known = byRequirement.get(key);
    if (known !== undefined) {
      byRequirement.set(key, { ...known, destinations: [...known.destinations, destination] });
      continue;
    }
    let name = nameFrom(state);
    for (let number = 2; names.has(name); number += 1) {
      name = `${nameFrom(state)}-${number}`;
    }
    names.add(name);
    byRequirement.set(key, {
      name,
      line,
      from: `what leads to state ${state}, turned round`,
      remarks: ['ifdepd has no states: the group comes up again when these conditions are over'],
      require,
      destinations: [destination],
    });
  }
  return [...byRequirement.values()];
}

/** The conditions under which other states go to this one. */
function waysInto(name: string, states: readonly State[]): readonly Requirement[] {
  return states
    .filter((state) => state.name !== name)
    .flatMap(({ body }) =>
      body.flatMap(({ state, when }) => (state === name && when !== null ? [when] : [])),
    );
}

/** What a command of ifconfig(8) sets down: an interface, or a demotion counter. */
function loweredBy(command: string): ImportedDestination | null {
  const words = command.split(/\s+/);
  const [name, word] = afterIfconfig(words);
  if (word === 'down' && name !== undefined) {
    return name;
  }
  const demoted = /^\S*ifconfig\s+-g\s+(?<group>\S+)\s+carpdemote(?:\s+(?<by>\d+))?$/.exec(command)?.groups;
  return demoted === undefined
    ? null
    : { demote: demoted['group'] ?? 'carp', by: Number(demoted['by'] ?? 1) };
}

/** The counterpart of {@link loweredBy}. */
function raisedBy(command: string): string | null {
  const [name, word] = afterIfconfig(command.split(/\s+/));
  return (word === 'up' && name !== undefined) || /^\S*ifconfig\s+-g\s+\S+\s+-carpdemote\b/.test(command)
    ? command
    : null;
}

function afterIfconfig([program = '', name, word, ...others]: readonly string[]): readonly (
  | string
  | undefined
)[] {
  return /(?:^|\/)ifconfig$/.test(program) && others.length === 0 ? [name, word] : [];
}
