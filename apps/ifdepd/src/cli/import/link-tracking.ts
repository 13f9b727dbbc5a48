import { anyOf, type Imported, type LeftOut, linesOf, nameFrom } from './imported.ts';
import { portsOf } from './switch-ports.ts';

/*
 * Groups of switches in lines: Cisco's link state groups and Arista's link tracking groups. Downstream ports are disabled when
 * all upstream ports are down, or fewer than `links minimum` of them are up.
 */

interface Tracking {
  readonly line: number;
  readonly upstream: string[];
  readonly downstream: string[];
  minimum: number;
  delay: number;
}

/** Reads `link state group N upstream|downstream`. */
export function importCisco(text: string): Imported {
  return importTracking(
    text,
    /^link state (?:track|group) (?<group>\S+)(?: (?<side>upstream|downstream))?$/i,
    'link state group',
  );
}

/** Reads `link tracking group NAME upstream|downstream`. */
export function importArista(text: string): Imported {
  return importTracking(
    text,
    /^link tracking group (?<group>\S+)(?: (?<side>upstream|downstream))?$/i,
    'link tracking group',
  );
}

function importTracking(text: string, statement: RegExp, what: string): Imported {
  const found = new Map<string, Tracking>();
  const left: LeftOut[] = [];
  let ports: readonly string[] = [];
  let current: Tracking | null = null;
  for (const { line, text: content } of linesOf(text, /^\s*!.*$/)) {
    const words = content.replace(/\s+/g, ' ');
    const interfaces = /^interface (?:range )?(?<ports>.+)$/i.exec(words)?.groups?.['ports'];
    const { group, side } = statement.exec(words)?.groups ?? {};
    const minimum = /^links minimum (?<number>\d+)$/i.exec(words)?.groups?.['number'];
    const delay = /^recovery delay (?<number>\d+)$/i.exec(words)?.groups?.['number'];
    if (interfaces !== undefined) {
      ports = portsOf(interfaces);
      current = null;
    } else if (group !== undefined) {
      const tracking = found.get(group) ?? { line, upstream: [], downstream: [], minimum: 1, delay: 0 };
      found.set(group, tracking);
      if (side === undefined) {
        current = tracking;
      } else {
        tracking[side.toLowerCase() === 'upstream' ? 'upstream' : 'downstream'].push(...ports);
      }
    } else if (minimum !== undefined && current !== null) {
      current.minimum = Number(minimum);
    } else if (delay !== undefined && current !== null) {
      current.delay = Number(delay);
    } else if (words === 'exit') {
      current = null;
    }
  }
  const groups = [...found].flatMap(([name, { line, upstream, downstream, minimum, delay }]) => {
    if (upstream.length === 0 || downstream.length === 0) {
      left.push({
        line,
        what: `${what} ${name}: no interface is ${upstream.length === 0 ? 'upstream' : 'downstream'} in it`,
      });
      return [];
    }
    return [
      {
        name: nameFrom(/^\d+$/.test(name) ? `track-${name}` : name),
        line,
        from: `${what} ${name}`,
        remarks: [],
        require: minimum > 1 ? { 'at-least': minimum, of: upstream } : anyOf(upstream),
        destinations: downstream,
        ...(delay > 0 ? { options: { 'up-delay': `${delay}s` } } : {}),
      },
    ];
  });
  return { groups, checks: [], left };
}
