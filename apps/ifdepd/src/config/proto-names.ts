import type { ConfigPath } from './document.ts';
import { isMapping } from './odd-number.ts';

const PROTO = '__proto__';

/** The keys of a file whose keys are names that a person chooses. */
const NAMED = ['groups', 'checks'] as const;

/** A file without names that zod leaves out. */
export interface SafeNames {
  readonly value: unknown;
  /** The path in the file of a path in {@link SafeNames.value}. */
  original(path: readonly PropertyKey[]): ConfigPath;
}

/** Gives a group or a check that is called `__proto__` another name for zod, which leaves such a key of an object out. */
export function withSafeNames(written: unknown): SafeNames {
  const names = new Map<PropertyKey, string>();
  if (!isMapping(written)) {
    return { value: written, original: asConfigPath };
  }
  const value = { ...written };
  for (const key of NAMED) {
    const section = written[key];
    if (isMapping(section) && Object.hasOwn(section, PROTO)) {
      let name = 'proto';
      while (Object.hasOwn(section, name)) {
        name += '_';
      }
      names.set(key, name);
      value[key] = Object.fromEntries(
        Object.entries(section).map(([own, one]) => [own === PROTO ? name : own, one]),
      );
    }
  }
  return {
    value,
    original(path) {
      const [key, name, ...rest] = asConfigPath(path);
      return key !== undefined && name !== undefined && names.get(key) === name
        ? [key, PROTO, ...rest]
        : asConfigPath(path);
    },
  };
}

/** zod's paths have no symbols here: no mapping of a file has one. */
function asConfigPath(path: readonly PropertyKey[]): ConfigPath {
  return path as ConfigPath;
}
