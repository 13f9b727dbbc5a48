import type { DestinationSettings } from '../config/settings.ts';
import { fileFault } from '../engine/destinations/file.ts';
import { ExitCode, ExitError } from '../system/errors.ts';
import type { Finding } from './finding.ts';

/** Findings about file destinations that cannot be written. Writes nothing. */
export function fileFindings(destinations: Iterable<DestinationSettings>): readonly Finding[] {
  return [...destinations].flatMap((one): readonly Finding[] => {
    const fault = 'path' in one ? fileFault(one.path) : null;
    const message = `cannot be written: ${fault}`;
    return fault === null ? [] : [{ level: 'error', code: 'unwritable', subject: one.id, message }];
  });
}

/**
 * Refuses file destinations that cannot be written, before anything is started or changed.
 *
 * @throws {ExitError} 71 with every one of them
 */
export function refuseUnwritable(destinations: Iterable<DestinationSettings>): void {
  const faults = fileFindings(destinations).map(
    ({ subject, message }) => `${subject} (destination) ${message}`,
  );
  if (faults.length > 0) {
    const wayOut =
      'make the directory, or let this user write there; --wait starts anyway and tries again later';
    throw new ExitError(ExitCode.system, `${faults.join('; ')} (${wayOut})`);
  }
}
