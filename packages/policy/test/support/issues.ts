import { compile, type PolicyConfig, PolicyError } from '../../src/index.ts';

/** Every issue as `code path: message`. */
export function issues(config: unknown): string[] {
  try {
    compile(config as PolicyConfig);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`);
  }
  return [];
}

/** The issues of one group `g` with these keys. */
export function group(part: Record<string, unknown>): string[] {
  return issues({ groups: { g: { require: 'a', destinations: ['d'], ...part } } });
}

/** The issues of a requirement. */
export function requirement(require: unknown): string[] {
  return group({ require });
}
