/** The first version that has all that this program calls: `engines` of package.json. */
const FLOOR = [20, 19] as const;

/** EX_SOFTWARE, as in exit-code.ts, which an old Node may not be able to read. */
const EX_SOFTWARE = 70;

/**
 * Ends the process where the interpreter is too old, with one sentence in place of a stack trace from a call that is not
 * there. The file that holds this is built for Node 10 (tsup.config.ts): an older one that cannot even read the program
 * says so here.
 */
export function refuseOldNode(): void {
  const fault = nodeFault(process.versions.node, typeof process.getBuiltinModule === 'function');
  if (fault !== null) {
    process.stderr.write(`ifdepd: ${fault}. ${process.execPath} is what 'node' means here\n`);
    process.exit(EX_SOFTWARE);
  }
}

/**
 * Why the program cannot run; null where it can.
 *
 * @param version `18.20.4`
 * @param hasBuiltins whether there is process.getBuiltinModule, which Node 21 and 22.0 to 22.2 lack
 */
export function nodeFault(version: string, hasBuiltins: boolean): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1]);
  return old || !hasBuiltins
    ? `needs Node ${FLOOR.join('.')} or later (of the line 22, 22.3 or later), and this is ${version}`
    : null;
}
