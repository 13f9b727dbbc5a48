import { expect } from 'vitest';
import { type FormName, formOf, forms } from '../../src/cli/import/forms.ts';
import { configOf, writeConfig } from '../../src/cli/import/write-config.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

/** An example of a file: what it is, its text, and the configuration that it gives. */
export type Example = readonly [name: string, text: string, config: object];

/** The configuration that a file gives. It is also written as YAML, which the daemon's own parser must read. */
export function importedFrom(form: FormName, text: string): object {
  const source = { file: form, imported: forms[form].read(text) };
  const config = configOf([source]);
  if (source.imported.groups.length > 0) {
    const fromYaml = parseSettings(writeConfig([source]), '/etc/ifdepd.conf').policy;
    const fromJson = parseSettings(JSON.stringify(config), '/etc/ifdepd.conf').policy;
    expect(fromYaml).toEqual(fromJson);
  }
  return config;
}

/** What was left out of a file, as `line: reason`. */
export function leftOut(form: FormName, text: string): readonly string[] {
  return forms[form].read(text).left.map(({ line, what }) => `${line}: ${what}`);
}

/** The form that a text is taken for, without a telling name. */
export function recognised(text: string): FormName | null {
  return formOf(text, 'file');
}
