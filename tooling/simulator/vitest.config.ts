import { preset } from '@ifdepd/vitest-preset';

export default preset();
