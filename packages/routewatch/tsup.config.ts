import { preset } from '@ifdepd/tsup-preset';

export default preset({ entry: { index: 'src/index.ts' } }, { lib: 'esnext.disposable' });
