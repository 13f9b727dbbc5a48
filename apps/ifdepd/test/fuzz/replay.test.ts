import { replay } from '@ifdepd/vitest-preset/replay';
import * as config from './config.ts';
import * as control from './control.ts';
import * as journal from './journal.ts';
import * as lock from './lock.ts';
import * as timeline from './timeline.ts';

const folder = new URL('./', import.meta.url);

replay(folder, 'config', config);
replay(folder, 'control', control);
replay(folder, 'journal', journal);
replay(folder, 'lock', lock);
replay(folder, 'timeline', timeline);
