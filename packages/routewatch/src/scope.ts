import { linux } from '@ifdepd/netlink';
import type { IpFamily } from './records.ts';

/** What a watch wants to know. */
export interface Scope {
  readonly families: readonly IpFamily[];
  readonly routes: 'all' | 'default' | 'none';
  readonly addresses: boolean;
  readonly neighbours: boolean;
  /** Null: all but the table of local addresses. */
  readonly tables: readonly number[] | null;
}

const { RT_TABLE_LOCAL } = linux.route;

/** Whether a table is wanted. */
export function wantsTable({ tables }: Scope, table: number): boolean {
  return tables === null ? table !== RT_TABLE_LOCAL : tables.includes(table);
}

/** Whether a route with so many bits in its destination is wanted. */
export function wantsLength({ routes }: Scope, length: number): boolean {
  return routes === 'all' || (routes === 'default' && length === 0);
}

/** Whether a family is wanted. */
export function wantsFamily({ families }: Scope, version: 4 | 6): boolean {
  return families.includes(version === 4 ? 'ipv4' : 'ipv6');
}
