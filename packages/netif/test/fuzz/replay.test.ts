import { replay } from '@ifdepd/vitest-preset/replay';
import * as replies from './replies.ts';

replay(new URL('./', import.meta.url), 'replies', replies);
