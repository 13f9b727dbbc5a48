import { anyOf, type Imported, type LeftOut, linesOf, nameFrom } from './imported.ts';

/**
 * Reads systemd.network(5). The link of `[Match] Name=` is up while at least one link of `BindCarrier=` has carrier.
 */
export function importNetworkd(text: string): Imported {
  const left: LeftOut[] = [];
  let section = '';
  let matched: { line: number; value: string } | null = null;
  let carriers: string[] = [];
  let bound: number | null = null;
  for (const { line, text: content } of linesOf(text, /^\s*[#;].*$/)) {
    const [key = '', ...rest] = content.split('=');
    const value = rest.join('=').trim();
    if (content.startsWith('[')) {
      section = content;
    } else if (section === '[Match]' && key.trim() === 'Name') {
      matched = { line, value };
    } else if (section === '[Network]' && key.trim() === 'BindCarrier') {
      // An empty value resets a list.
      carriers = value === '' ? [] : [...carriers, ...value.split(/\s+/)];
      bound ??= line;
    } else if (section === '[Link]' && key.trim() === 'ActivationPolicy') {
      left.push({
        line,
        what: `ActivationPolicy=${value}: networkd goes on to follow it; 'bound' and 'always-down' would undo what ifdepd sets`,
      });
    }
  }
  const names = matched?.value.split(/\s+/).filter((name) => name !== '') ?? [];
  const patterns = [...names, ...carriers].filter((name) => /[*?[\]!]/.test(name));
  if (bound === null || carriers.length === 0) {
    return { groups: [], checks: [], left: [...left, { line: 1, what: 'there is no BindCarrier=' }] };
  }
  if (names.length === 0) {
    return {
      groups: [],
      checks: [],
      left: [
        ...left,
        { line: bound, what: 'BindCarrier= without a Name= in [Match]: ifdepd takes links by name' },
      ],
    };
  }
  if (patterns.length > 0) {
    return {
      groups: [],
      checks: [],
      left: [
        ...left,
        {
          line: matched?.line ?? bound,
          what: `${patterns.join(' ')}: a pattern; write a group for each link by its name`,
        },
      ],
    };
  }
  return {
    groups: [
      {
        name: nameFrom(names.join('-')),
        line: bound,
        from: `BindCarrier=${carriers.join(' ')} of ${names.join(' ')}`,
        remarks: ['remove BindCarrier= from that file: networkd would set the link, too'],
        require: anyOf(carriers),
        destinations: names,
      },
    ],
    checks: [],
    left,
  };
}
