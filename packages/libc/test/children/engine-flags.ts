import { runInNewContext } from 'node:vm';
import { setEngineFlags } from '../../src/index.ts';

const [library = null, ...flags] = process.argv.slice(2).map((word) => (word === 'null' ? null : word));
setEngineFlags(flags as string[], library);

const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
const result = {
  gc: runInNewContext('typeof gc'),
  module: moduleLoadList.includes('NativeModule v8'),
};
process.stdout.write(JSON.stringify(result));
