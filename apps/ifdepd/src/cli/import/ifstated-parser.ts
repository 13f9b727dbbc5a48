import { type Token, tokensOf } from './ifstated-tokens.ts';
import { allOf, anyOf, ImportError, type ImportedCheck, nameFrom, type Requirement } from './imported.ts';

/** What a state does when its condition holds: `run "ifconfig carp0 down"`, or another state. */
export interface Act {
  readonly line: number;
  /** null: always. */
  readonly when: Requirement | null;
  readonly run: string | null;
  readonly state: string | null;
}

/** A state of ifstated.conf(5). */
export interface State {
  readonly name: string;
  readonly line: number;
  /** What it does at its beginning. */
  readonly init: readonly Act[];
  readonly body: readonly Act[];
}

/** A file of ifstated(8). */
export interface Ifstated {
  readonly states: readonly State[];
  readonly checks: readonly ImportedCheck[];
}

const DEEPEST = 50;

/** Reads the grammar of ifstated.conf(5). */
export function parseIfstated(text: string): Ifstated {
  const tokens = tokensOf(text);
  const checks = new Map<string, ImportedCheck>();
  const states: State[] = [];
  let place = 0;
  let depth = 0;
  const peek = (): string => (tokens[place]?.quoted === false ? (tokens[place]?.text ?? '') : '');
  const lineNow = (): number => (tokens[place] ?? tokens.at(-1))?.line ?? 1;

  function next(what: string): Token {
    const token = tokens[place];
    if (token === undefined) {
      throw new ImportError(lineNow(), `the file ends where ${what} is missing`);
    }
    place += 1;
    return token;
  }

  function expect(text: string): void {
    const token = next(`'${text}'`);
    if (token.quoted || token.text !== text) {
      throw new ImportError(token.line, `'${text}' is missing before '${token.text}'`);
    }
  }

  function deeper<Value>(read: () => Value): Value {
    depth += 1;
    if (depth > DEEPEST) {
      throw new ImportError(lineNow(), `it is nested more than ${DEEPEST} deep`);
    }
    const value = read();
    depth -= 1;
    return value;
  }

  function either(): Requirement {
    const members = [both()];
    while (peek() === '||') {
      place += 1;
      members.push(both());
    }
    return anyOf(members);
  }

  function both(): Requirement {
    const members = [one()];
    while (peek() === '&&') {
      place += 1;
      members.push(one());
    }
    return allOf(members);
  }

  function one(): Requirement {
    return deeper(() => {
      const token = next('a condition');
      if (token.quoted) {
        return checkOf(token);
      }
      if (token.text === '!') {
        return negated(one());
      }
      if (token.text === '(') {
        const inner = either();
        expect(')');
        return inner;
      }
      const link = /^(?<name>\S+)\.link\.(?<state>up|down|unknown)$/.exec(token.text)?.groups;
      const name = link?.['name'];
      if (name === undefined) {
        throw new ImportError(token.line, `'${token.text}' is not a condition`);
      }
      return link?.['state'] === 'up' ? name : { not: name };
    });
  }

  /** `"command" every N` */
  function checkOf(command: Token): Requirement {
    let every = 10;
    if (peek() === 'every') {
      place += 1;
      every = Number(next('a number of seconds').text);
    }
    const known = checks.get(command.text);
    const name =
      known?.name ??
      nameFrom(`${command.text.split(/\s+/)[0]?.split('/').at(-1) ?? 'check'}-${checks.size + 1}`);
    checks.set(command.text, {
      name,
      line: command.line,
      from: 'a test of ifstated',
      exec: ['/bin/sh', '-c', command.text],
      options: { every: `${every}s`, timeout: `${every}s`, rise: 1, fall: 1 },
    });
    return { check: name };
  }

  function acts(when: Requirement | null, into: Act[], init: Act[]): void {
    const line = lineNow();
    switch (peek()) {
      case 'run':
        place += 1;
        into.push({ line, when, run: next('a command').text, state: null });
        break;
      case 'set-state':
        place += 1;
        into.push({ line, when, run: null, state: next('the name of a state').text });
        break;
      case 'init':
        place += 1;
        deeper(() => acts(null, init, init));
        break;
      case 'if': {
        place += 1;
        const condition = either();
        deeper(() => acts(when === null ? condition : allOf([when, condition]), into, init));
        break;
      }
      case '{':
        place += 1;
        while (peek() !== '}') {
          deeper(() => acts(when, into, init));
        }
        place += 1;
        break;
      default:
        throw new ImportError(line, `'${next('a statement').text}' is not a statement of a state`);
    }
  }

  while (place < tokens.length) {
    const token = next('a statement');
    if (token.text === 'state' && !token.quoted) {
      const { text: name, line } = next('the name of a state');
      const state = { name, line, init: [] as Act[], body: [] as Act[] };
      if (peek() !== '{') {
        throw new ImportError(lineNow(), `the state ${name} needs a '{'`);
      }
      acts(null, state.body, state.init);
      states.push(state);
    } else if (/^(?:init-state|loglevel)$/.test(token.text)) {
      place += 1;
    } else {
      throw new ImportError(token.line, `'${token.text}' is not a statement of ifstated.conf`);
    }
  }
  return { states, checks: [...checks.values()] };
}

/** The opposite, with `not` at the names. */
export function negated(requirement: Requirement): Requirement {
  if (typeof requirement === 'string' || 'check' in requirement || 'at-least' in requirement) {
    return { not: requirement };
  }
  if ('not' in requirement) {
    return requirement.not;
  }
  return 'all' in requirement ? anyOf(requirement.all.map(negated)) : allOf(requirement.any.map(negated));
}
