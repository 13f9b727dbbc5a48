import { preset } from '@ifdepd/vitest-preset';

// The package holds no state between calls, so the files of its other tests share a process too.
export default preset({ isolate: false }, { properties: ['test/*.property.test.ts', 'test/large.test.ts'] });
