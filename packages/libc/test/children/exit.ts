// Ends with _exit(2): the handler of the event must not run.
import { loadLibc } from '../../src/index.ts';

process.once('exit', () => process.stdout.write('handler ran'));
loadLibc()._exit(3);
