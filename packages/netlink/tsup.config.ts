import { preset } from '@ifdepd/tsup-preset';

export default preset(
  {
    entry: {
      index: 'src/index.ts',
      'devices/index': 'src/devices/index.ts',
      'rtnetlink/index': 'src/rtnetlink/index.ts',
      'testing/index': 'src/testing/index.ts',
    },
  },
  { lib: 'esnext.disposable' },
);
