import { Composer, type CST, type Document, Lexer, type LineCounter, Parser, YAMLParseError } from 'yaml';
import { DEEPEST, TooDeep } from './plain-data.ts';

/**
 * Parses a text as `parseDocument` of `yaml` does, within a time in proportion to its length: without the search for
 * duplicate keys, which compares each key with all others, and up to a depth. `yaml` composes by recursion: where that
 * uses the stack up while a regular expression is compiled, V8 ends the process.
 *
 * @throws {TooDeep}
 */
export function composeYaml(text: string, lineCounter: LineCounter): Document.Parsed {
  const composer = new Composer({ lineCounter, prettyErrors: false, version: '1.2', uniqueKeys: false });
  const documents = composer.compose(tokensOf(text, lineCounter), true, text.length);
  // There is one at least: an empty text is a document, too.
  const document = documents.next().value as Document.Parsed;
  const second = documents.next();
  if (second.done !== true) {
    const [from, to] = second.value.range;
    document.errors.push(new YAMLParseError([from, to], 'MULTIPLE_DOCS', 'There are multiple documents'));
  }
  return document;
}

/** Open tokens besides collections: the document, and a scalar. */
const OTHERS_OPEN = 2;

/** @throws {TooDeep} */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > DEEPEST + OTHERS_OPEN) {
      throw new TooDeep(parser.stack.at(-1)?.offset ?? 0);
    }
  }
  yield* parser.end();
}
