import { ImportError } from './imported.ts';

/** A statement, and those within its braces. */
export interface Statement {
  /** From 1. */
  readonly line: number;
  /** Without quotes. */
  readonly words: readonly string[];
  /** null where it has no braces. */
  readonly inner: readonly Statement[] | null;
}

/** Nested deeper than any such file. */
const DEEPEST = 50;

/**
 * Reads statements that end with their line or with ';', and may have others in braces: keepalived.conf(5), Junos.
 *
 * @param comment the characters that begin a comment, up to the end of the line
 * @throws {ImportError} where braces or quotes do not close
 */
export function readBlocks(text: string, comment: string): readonly Statement[] {
  interface Open {
    readonly line: number;
    readonly statements: Statement[];
  }
  const open: Open[] = [{ line: 1, statements: [] }];
  let line = 1;
  let words: string[] = [];
  const last = (): Open => open.at(-1) as Open;
  function end(): void {
    if (words.length > 0) {
      last().statements.push({ line, words, inner: null });
      words = [];
    }
  }
  const token = new RegExp(
    `\\/\\*|[${comment}][^\\n]*|\\n|[{};]|"[^"\\n]*"?|'[^'\\n]*'?|[^\\s{};"'${comment}][^\\s{};]*`,
    'g',
  );
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === '\n') {
      end();
      line += 1;
    } else if (found === ';') {
      end();
    } else if (found === '/*') {
      const close = text.indexOf('*/', token.lastIndex);
      const stop = close === -1 ? text.length : close + 2;
      line += text.slice(token.lastIndex, stop).split('\n').length - 1;
      token.lastIndex = stop;
    } else if (found === '{') {
      openBlock();
    } else if (found === '}') {
      end();
      if (open.length === 1) {
        throw new ImportError(line, "there is a '}' without its '{'");
      }
      open.pop();
    } else if (!comment.includes(found.charAt(0))) {
      words.push(unquoted(found, line));
    }
  }
  end();
  if (open.length > 1) {
    throw new ImportError(last().line, "the '{' has no '}'");
  }
  return last().statements;

  /** A brace may stand on the line after its words. */
  function openBlock(): void {
    if (open.length > DEEPEST) {
      throw new ImportError(line, `braces are nested more than ${DEEPEST} deep`);
    }
    const { statements } = last();
    const before = words.length > 0 ? { line, words } : statements.pop();
    const inner: Statement[] = [];
    statements.push({ line: before?.line ?? line, words: before?.words ?? [], inner });
    open.push({ line, statements: inner });
    words = [];
  }
}

function unquoted(word: string, line: number): string {
  const quote = word.charAt(0);
  if (quote !== '"' && quote !== "'") {
    return word;
  }
  if (word.length < 2 || !word.endsWith(quote)) {
    throw new ImportError(line, `the text ${word.slice(0, 30)} has no closing ${quote}`);
  }
  return word.slice(1, -1);
}
