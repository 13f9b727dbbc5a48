/** The name under which every module of Node is resolved. */
const NOTHING = '\0nothing-of-node';

/**
 * A plugin of Vite. Packages of the playground also hold parts for Node, which it does not use: rollup removes them, but
 * wants to see the modules that they import. Here those are empty.
 */
export const withoutNode = {
  name: 'without-node',
  enforce: 'pre',
  resolveId: (id: string, _importer: string | undefined, { ssr = false }: { readonly ssr?: boolean }) =>
    !ssr && id.startsWith('node:') ? { id: NOTHING, syntheticNamedExports: true } : null,
  load: (id: string) => (id === NOTHING ? 'export default {};' : null),
} as const;
