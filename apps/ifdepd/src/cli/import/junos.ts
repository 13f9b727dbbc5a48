import { readBlocks, type Statement } from './blocks.ts';
import { anyOf, type Imported, type LeftOut, linesOf, nameFrom } from './imported.ts';
import { portName } from './switch-ports.ts';

interface Detection {
  readonly line: number;
  readonly monitor: string[];
  readonly disable: string[];
}

/** Reads `uplink-failure-detection`, in braces or as `set` commands: ports are disabled when all monitored links are down. */
export function importJunos(text: string): Imported {
  const found = new Map<string, Detection>();
  const at = (name: string, line: number): Detection => {
    const detection = found.get(name) ?? { line, monitor: [], disable: [] };
    found.set(name, detection);
    return detection;
  };
  for (const { line, text: content } of linesOf(text, /^\s*#.*$/)) {
    const match = /^set protocols uplink-failure-detection group (\S+) link-to-(monitor|disable) (\S+)$/.exec(
      content,
    );
    if (match !== null) {
      at(match[1] ?? '', line)[match[2] === 'monitor' ? 'monitor' : 'disable'].push(match[3] ?? '');
    }
  }
  if (found.size === 0) {
    for (const group of descend(readBlocks(text, '#'), 'uplink-failure-detection').filter(
      ({ words }) => words[0] === 'group',
    )) {
      const detection = at(group.words[1] ?? '', group.line);
      for (const { words, inner } of group.inner ?? []) {
        const side = { 'link-to-monitor': detection.monitor, 'link-to-disable': detection.disable }[
          words[0] ?? ''
        ];
        side?.push(...words.slice(1), ...(inner ?? []).flatMap((port) => port.words));
      }
    }
  }
  const left: LeftOut[] = [];
  const groups = [...found].flatMap(([name, { line, monitor, disable }]) => {
    if (monitor.length === 0 || disable.length === 0) {
      left.push({
        line,
        what: `group ${name}: it has no link-to-${monitor.length === 0 ? 'monitor' : 'disable'}`,
      });
      return [];
    }
    return [
      {
        name: nameFrom(name),
        line,
        from: `uplink-failure-detection group ${name}`,
        remarks: [],
        require: anyOf(monitor.map(port)),
        destinations: disable.map(port),
      },
    ];
  });
  return { groups, checks: [], left };
}

/** `ge-0/0/1.0` is unit 0 of the port. */
function port(name: string): string {
  return portName(name.replace(/\.0$/, '').replace(/^\[|\]$/g, ''));
}

/** The statements within a block, wherever it stands. */
function descend(statements: readonly Statement[], name: string): readonly Statement[] {
  return statements.flatMap(({ words, inner }) =>
    inner === null ? [] : words.at(-1) === name ? inner : descend(inner, name),
  );
}
