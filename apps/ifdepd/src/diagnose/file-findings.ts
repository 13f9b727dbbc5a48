import type { Settings } from '../config/settings.ts';
import type { Finding } from './finding.ts';
import { unwritableFiles } from './unwritable.ts';

/** Files that could not be written when their group changes. */
export function fileFindings({ destinations }: Pick<Settings, 'destinations'>): readonly Finding[] {
  return unwritableFiles(destinations.values()).map(({ id, message }) => ({
    level: 'error',
    code: 'unwritable',
    subject: id,
    message,
  }));
}
