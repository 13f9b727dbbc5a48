/** A line of a shell as the words of a program; through sh(1) where it needs a shell. */
export function commandWords(line: string): readonly string[] {
  const words = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const needsShell =
    /[|;&<>$`*?~()\\]|^\w+=/.test(line) ||
    words.some((word) => /^.+["']|["'].+[^"']$/.test(word) && !/^(["']).*\1$/.test(word));
  return needsShell || words.length === 0
    ? ['/bin/sh', '-c', line]
    : words.map((word) => (/^(["']).*\1$/.test(word) ? word.slice(1, -1) : word));
}
