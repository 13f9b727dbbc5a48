/** The JSON values in a text, one a line, without torn lines (a crash, a full disk). */
export function jsonLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
