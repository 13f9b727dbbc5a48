import type { DestinationSettings, Settings } from '../config/settings.ts';
import { fileFault } from '../engine/destinations/file.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import type { Finding } from './finding.ts';

/** A file destination that cannot be written, and why. */
export interface UnwritableFile {
  readonly id: string;
  /** One sentence, without the path. */
  readonly message: string;
}

/** Finds file destinations that cannot be written, without writing. */
export function unwritableFiles(destinations: Iterable<DestinationSettings>): readonly UnwritableFile[] {
  return [...destinations].flatMap((one) => {
    const fault = one.action === 'file' ? fileFault(one.path) : null;
    return fault === null ? [] : [{ id: one.id, message: `cannot be written: ${fault}` }];
  });
}

/**
 * Refuses file destinations that cannot be written, before anything is started or changed.
 *
 * @throws {ExitError} 71 with every one of them
 */
export function refuseUnwritable(destinations: Iterable<DestinationSettings>): void {
  const faults = unwritableFiles(destinations).map(({ id, message }) => `${id} (destination) ${message}`);
  if (faults.length > 0) {
    const wayOut =
      'make the directory, or let this user write there; --wait starts anyway and tries again later';
    throw new ExitError(ExitCode.system, `${faults.join('; ')} (${wayOut})`);
  }
}

/** Findings about file destinations that cannot be written. */
export function fileFindings({ destinations }: Pick<Settings, 'destinations'>): readonly Finding[] {
  return unwritableFiles(destinations.values()).map(({ id, message }) => ({
    level: 'error',
    code: 'unwritable',
    subject: id,
    message,
  }));
}
