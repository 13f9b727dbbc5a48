import { fileError } from './config-error.ts';

/** Bytes. A configuration of a thousand groups takes a tenth of it. */
export const LARGEST_FILE: number = 1024 * 1024;

/** The text of a file of a configuration. @throws {ConfigError} where it is no text */
export function configText(file: string, bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(file, 'is not UTF-8 text');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\0-\x08\v\f\x0e-\x1f]/.test(text)) {
    return refuse(file, 'is a binary file, not text: it holds control characters');
  }
  return text;
}

/** @throws {ConfigError} where the text of a whole configuration is empty */
export function refuseEmpty(file: string, text: string): void {
  if (text.trim() === '') {
    refuse(file, "is empty; it must have 'groups'");
  }
}

/** @throws {ConfigError} about a file as a whole */
export function refuse(file: string, message: string): never {
  throw fileError(file, message);
}

/** Why a file cannot be read, in plain words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
