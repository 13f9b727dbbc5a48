import { readFileSync } from 'node:fs';

/** Numbers of the systems' own headers: tests ask these, not the tables that are under test. */
export const headers = JSON.parse(
  readFileSync(new URL('../fixtures/abi.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** A number of a header that must be there. */
export function header(platform: string, group: string, name: string): number {
  const value = headers[platform]?.[group]?.[name];
  if (value === undefined) {
    throw new RangeError(`${platform} has no ${group}.${name}`);
  }
  return value;
}
