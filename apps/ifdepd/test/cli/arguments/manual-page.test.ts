import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandNames } from '../../../src/cli/arguments/command-table.ts';
import { daemonOptions, type Option } from '../../../src/config/daemon-options.ts';

const page = readFileSync(new URL('../../../man/ifdepd.8', import.meta.url), 'utf8');
const [, synopsis = ''] = /^\.Sh SYNOPSIS\n(.*?)^\.Sh /ms.exec(page) ?? [];
const options = Object.entries<Option>(daemonOptions);

/** `Fl -require Ar what` */
const flag = (name: string, { value }: Option): string =>
  `Fl ${name}${value === undefined ? '' : ` Ar ${value.toLowerCase()}`}`;

describe('ifdepd(8) and the table of options agree', () => {
  test('its options are those of the table, in either spelling and with the name of the value', () => {
    const described = [...page.matchAll(/^\.It (Fl .*)$/gm)].map(([, words]) => words);
    const expected = options.map(([name, option]) => {
      const long = flag(`-${name}`, option);
      return option.short === undefined
        ? long
        : option.value === undefined
          ? `Fl ${option.short} , -${name}`
          : `${flag(option.short, option)} , ${long}`;
    });
    expect(described.toSorted()).toEqual(expected.toSorted());
  });

  test('its synopsis has every option of the table, by its letter where it has one, and no others', () => {
    const flags = [...synopsis.matchAll(/Fl (-[\w-]+|\w+(?: \| \w)*)/g)].flatMap(([, words = '']) =>
      words.startsWith('-') ? [words.slice(1)] : words.replaceAll(' | ', '').split(''),
    );
    const expected = options.map(([name, { short }]) => short ?? name);
    expect([...new Set(flags)].toSorted()).toEqual(expected.toSorted());
  });

  test('its commands are those of the program', () => {
    const described = new Set([...page.matchAll(/^\.It Cm (\w+)/gm)].map(([, name]) => name));
    const missing = commandNames.filter(
      (name) => !described.has(name) && name !== 'help' && name !== 'version',
    );
    expect(missing).toEqual([]);
  });
});
