// Ends at once: whoever waits for the end of the process in the ordinary way is not asked.
import { loadLibc } from '../../src/index.ts';

process.once('exit', () => process.stdout.write('asked'));
loadLibc()._exit(3);
