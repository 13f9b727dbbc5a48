/** Puts the pieces of a stream together, and hands over each line without its end. */
export function lines(take: (line: string) => void): (piece: Buffer) => void {
  let rest = '';
  const decoder = new TextDecoder();
  return (piece) => {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      take(line);
    }
  };
}
