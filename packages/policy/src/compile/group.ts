import { CHOICES, DAMPENING, DELAYS, GROUP_KEYS } from '../knobs.ts';
import type { GroupSpec } from '../policy.ts';
import { asDuration, asId, asList, asNumber, asRecord, checkKeys, checkTwice, show } from './checks.ts';
import { type Mentions, type Names, parseRequirement, type RawGate } from './expression.ts';
import type { IssuePath, Report } from './issue.ts';

/** A group as far as it can be read by itself. */
export interface RawGroup {
  readonly spec: GroupSpec;
  readonly mentions: Mentions;
  readonly owned: boolean;
}

/** Reads one group: its requirement into `gate`, everything else into what is returned. */
export function parseGroup(
  value: unknown,
  name: string,
  index: number,
  gate: RawGate,
  names: Names,
  targets: Map<string, number>,
): RawGroup {
  const { report } = names;
  const path: IssuePath = ['groups', name];
  asId(name, path, 'A group', report);
  const group = asRecord(value, path, 'A group', report) ?? {};
  checkKeys(group, GROUP_KEYS, path, report);

  const delay = (key: keyof typeof DELAYS): number =>
    asDuration(group[key], DELAYS[key], [...path, key], report);
  const enforce = asChoice(group['enforce'], CHOICES.enforce, [...path, 'enforce'], report);
  const raise = asChoice(group['raise'], CHOICES.raise, [...path, 'raise'], report);
  const mentions = parseRequirement(group['require'], gate, [...path, 'require'], names);
  const spec: GroupSpec = {
    name,
    index,
    downDelayMs: delay('downDelayMs'),
    upDelayMs: delay('upDelayMs'),
    startDelayMs: delay('startDelayMs'),
    dampening: parseDampening(group['dampening'], [...path, 'dampening'], report),
    hard: enforce !== 'never',
    always: enforce === 'always',
    sources: [...mentions.sources],
    destinations: parseDestinations(group['destinations'], [...path, 'destinations'], targets, report),
  };
  return { spec, mentions, owned: raise === 'owned' };
}

function parseDestinations(
  value: unknown,
  path: IssuePath,
  targets: Map<string, number>,
  report: Report,
): readonly number[] {
  const seen = new Set<number>();
  asList(value, path, 'The list of destinations', report)?.forEach((entry, i) => {
    const id = asId(entry, [...path, i], 'A destination', report);
    if (id === undefined) return;
    const target = targets.get(id) ?? targets.size;
    targets.set(id, target);
    checkTwice(target, id, seen, [...path, i], report);
  });
  return [...seen];
}

function parseDampening(value: unknown, path: IssuePath, report: Report): GroupSpec['dampening'] {
  if (value === undefined) return null;
  const record = asRecord(value, path, 'Dampening', report) ?? {};
  checkKeys(record, Object.keys(DAMPENING), path, report);
  const time = (key: 'halfLifeMs' | 'maxSuppressMs'): number =>
    asDuration(record[key], DAMPENING[key], [...path, key], report, 1);
  const points = (key: 'suppress' | 'reuse' | 'penalty'): number =>
    asNumber(record[key], DAMPENING[key], [...path, key], report);
  const knobs = {
    halfLifeMs: time('halfLifeMs'),
    suppress: points('suppress'),
    reuse: points('reuse'),
    maxSuppressMs: time('maxSuppressMs'),
    penalty: points('penalty'),
  };
  if (knobs.reuse >= knobs.suppress) {
    const message = `reuse (${knobs.reuse}) must be under suppress (${knobs.suppress}), or nothing is ever suppressed.`;
    report('bad-dampening', path, message);
  }
  return knobs;
}

function asChoice<T extends string>(
  value: unknown,
  choices: readonly [T, ...T[]],
  path: IssuePath,
  report: Report,
): T {
  const choice = value === undefined ? choices[0] : choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    report('bad-choice', path, `Must be one of ${choices.join(', ')}, not ${show(value)}.`);
  }
  return choice ?? choices[0];
}
