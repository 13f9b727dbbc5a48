import { ImportError } from './imported.ts';

/** A word of ifstated.conf(5). */
export interface Token {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly quoted: boolean;
}

/** Replaced at most so often: a macro that names itself would go on for ever. */
const MOST_TOKENS = 100_000;

/** The words of ifstated.conf(5), with the macros (`name = "value"`) replaced. */
export function tokensOf(text: string): readonly Token[] {
  const macros = new Map<string, readonly Token[]>();
  const tokens: Token[] = [];
  const found = split(text, 1);
  for (let index = 0; index < found.length; index += 1) {
    const token = found[index] as Token;
    const value = found[index + 2];
    if (found[index + 1]?.text === '=' && !token.quoted && value !== undefined) {
      macros.set(token.text, value.quoted ? replaced(split(value.text, value.line), macros) : [value]);
      index += 2;
    } else {
      tokens.push(...replaced([token], macros));
    }
    if (tokens.length > MOST_TOKENS) {
      throw new ImportError(token.line, `the macros make more than ${MOST_TOKENS} words`);
    }
  }
  return tokens;
}

function replaced(tokens: readonly Token[], macros: ReadonlyMap<string, readonly Token[]>): readonly Token[] {
  const all = tokens.flatMap((token) => {
    if (token.quoted || !token.text.startsWith('$')) {
      return [token];
    }
    const value = macros.get(token.text.slice(1));
    if (value === undefined) {
      throw new ImportError(token.line, `the macro ${token.text} is not defined`);
    }
    return value.map((part) => ({ ...part, line: token.line }));
  });
  if (all.length > MOST_TOKENS) {
    throw new ImportError(tokens[0]?.line ?? 1, `the macros make more than ${MOST_TOKENS} words`);
  }
  return all;
}

function split(text: string, first: number): readonly Token[] {
  const tokens: Token[] = [];
  let line = first;
  for (const [word] of text.matchAll(
    /#[^\n]*|\n|\\\n|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|&&|\|\||[!(){}=]|[^\s!(){}="'&|#]+/g,
  )) {
    const quote = word.charAt(0);
    if (quote === '"' || quote === "'") {
      if (word.length < 2 || !word.endsWith(quote)) {
        throw new ImportError(line, `a text has no closing ${quote}`);
      }
      tokens.push({ line, text: word.slice(1, -1).replaceAll(/\\(["\\])/g, '$1'), quoted: true });
    } else if (quote !== '#' && word.trim() !== '' && word !== '\\\n') {
      tokens.push({ line, text: word, quoted: false });
    }
    line += word.split('\n').length - 1;
  }
  return tokens;
}
