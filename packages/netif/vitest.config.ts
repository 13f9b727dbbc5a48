import { preset } from '@ifdepd/vitest-preset';

const config = preset();

// Sources of sibling packages are compiled here as well; their tsconfig extends a path through node_modules that only
// resolves after its symlink, which Vite does not follow. Nothing in a tsconfig matters to the erasure of types.
for (const project of config.test?.projects ?? []) {
  Object.assign(project, { oxc: { tsconfig: false } });
}

export default config;
