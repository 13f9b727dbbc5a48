import { interfaceNameFault, parseVhidName } from '@ifdepd/netif';
import { UsageError } from '../system/errors.ts';

/** Linux's ALTIFNAMSIZ without its NUL. Whether a system has such names is another question. */
const LONGEST_NAME = 127;

/** The fault of a name of an interface, or of a vhid (`1@em0`); null for a valid name. */
export function interfaceOrVhidFault(name: string): string | null {
  if (/[*?[]/.test(name)) {
    return `patterns such as '${name}' are not supported: name each interface, or write {match: "${name}"} in an 'any' or 'at-least' list of a configuration file`;
  }
  const parent = parseVhidName(name)?.parent;
  return parent === undefined ? interfaceNameFault(name, LONGEST_NAME) : interfaceNameFault(parent);
}

/**
 * The names in the values of one option, each once, in order.
 *
 * @param option as it is written, `-S`
 * @param values one for each time the option was given; names are separated by ':' or ','
 * @throws {UsageError} that names the option, the value and what is wrong with it
 */
export function interfaceList(option: string, values: readonly string[]): readonly string[] {
  const names = values.flatMap((value) => split(option, value));
  return [...new Set(names)];
}

function split(option: string, value: string): readonly string[] {
  if (value === '') {
    throw new UsageError(`${option} '': the list is empty; name at least one interface`);
  }
  const names = value.split(/[:,]/);
  for (const name of names) {
    if (name === '') {
      throw new UsageError(`${option} '${value}': there is an empty name; write one ':' between two names`);
    }
    const fault = interfaceOrVhidFault(name);
    if (fault !== null) {
      throw new UsageError(`${option} '${name}': ${fault}`);
    }
  }
  return names;
}

/**
 * Explains a list such as `eth0:1`, which reads like the label of an address alias: the interfaces `eth0` and `1`.
 *
 * @param exists an interface may really be called `1`
 * @throws {UsageError} where a name of digits alone follows another one and there is no such interface
 */
export function refuseAliasLabels(
  option: string,
  values: readonly string[],
  exists: (name: string) => boolean,
): void {
  for (const value of values) {
    const label = /(?:^|[:,])(?<base>[^:,]*[^:,\d][^:,]*):(?<number>\d+)(?:$|[:,])/.exec(value)?.groups;
    const { base, number } = label ?? {};
    if (base !== undefined && number !== undefined && !exists(number)) {
      throw new UsageError(
        `${option} '${value}': ':' separates interfaces, and there is none called '${number}'. ` +
          `A label such as '${base}:${number}' is an address alias of ${base}, not an interface: name ${base} itself`,
      );
    }
  }
}
