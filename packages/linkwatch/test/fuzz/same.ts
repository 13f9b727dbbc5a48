import assert from 'node:assert';
import type { LinkReading } from '../../src/backends/backend.ts';
import type { LinkRecord } from '../../src/link.ts';

/** The record of a reading, which has to say of it that it states the same. */
export function isSameAsItself(reading: LinkReading): LinkRecord {
  const record = reading.toRecord();
  assert(reading.isSameAs(record), JSON.stringify(record));
  return record;
}
