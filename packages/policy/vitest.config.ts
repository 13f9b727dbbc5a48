import { preset } from '@ifdepd/vitest-preset';

// The package holds no state between calls, so its test files share a process: `unit` starts in half the time.
export default preset({ isolate: false }, { properties: ['test/*.property.test.ts'] });
