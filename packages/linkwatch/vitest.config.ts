import { preset } from '@ifdepd/vitest-preset';

const config = preset();
for (const p of config.test?.projects ?? []) Object.assign(p, { oxc: { tsconfig: false } });
export default config;
