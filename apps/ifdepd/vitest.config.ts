import { preset } from '@ifdepd/vitest-preset';

export default preset({}, ['test/start-files.test.ts', 'test/bootstrap/*.test.ts']);
