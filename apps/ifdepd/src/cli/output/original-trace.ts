import { existsSync, readFileSync } from 'node:fs';

/** A place in one of the program's files, as a trace has it. */
const PLACE = /(\/[^\s()]*\.cjs):(\d+):(\d+)/g;

/**
 * The trace of an error in the lines of the sources, as far as they are known; of what is no error, what it is. The
 * program is minified, and the maps beside it are read for this alone.
 */
export function originalTrace(thrown: unknown): string {
  const trace = (thrown instanceof Error ? thrown.stack : undefined) ?? String(thrown);
  try {
    return trace.replace(PLACE, (place, file: string, line: string, column: string) => {
      const map = `${file}.map`;
      return existsSync(map) ? (lineOf(map, Number(line), Number(column)) ?? place) : place;
    });
  } catch {
    return trace;
  }
}

function lineOf(map: string, line: number, column: number): string | null {
  // No import: it brings the loader of ES modules along, and is needed for this alone.
  const { SourceMap } = process.getBuiltinModule('node:module');
  const origin = new SourceMap(JSON.parse(readFileSync(map, 'utf8'))).findOrigin(line, column);
  return 'fileName' in origin ? `${origin.fileName.replace(/^(?:\.\.\/)+/, '')}:${origin.lineNumber}` : null;
}
