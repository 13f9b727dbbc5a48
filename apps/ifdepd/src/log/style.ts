/** Colours, on a terminal that wants them. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  head(text: string): string;
  faint(text: string): string;
}

/** Colours where `isTerminal`; none with NO_COLOR, nor on a dumb terminal. */
export function style(isTerminal: boolean): Style {
  const { NO_COLOR: no = '', TERM: terminal = '' } = process.env;
  const wanted = isTerminal && no === '' && terminal !== 'dumb';
  const paint = (code: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31), warn: paint(33), head: paint(1), faint: paint(2) };
}
