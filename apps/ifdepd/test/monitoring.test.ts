import { readFileSync } from 'node:fs';
import { compile, describe as describeState, start, step } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metrics } from '../src/report/metrics.ts';

const text = (name: string): string => readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
const noLinks = {
  messages: 0,
  snapshots: 1,
  overruns: 0,
  interrupted: 0,
  refused: 0,
  foreign: 0,
  truncated: 0,
  bad: 0,
  skipped: 0,
};

/** What a daemon exports before anything has happened. */
const scrape = ((): string => {
  const policy = compile({ groups: { g: { require: { all: ['em0'] }, destinations: ['carp0'] } } });
  const state = step(policy, start(policy, 0).state, { type: 'tick' }, 0).state;
  const status = describeState(policy, state);
  return metrics('openbsd').text({
    status,
    linkCounters: noLinks,
    kernelFailover: null,
    passedLosses: new Map(),
  });
})();

/** The labels of each sample, by its name. */
const exported = ((): ReadonlyMap<string, ReadonlySet<string>> => {
  const lines = scrape.split('\n');
  const all = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name !== undefined) {
      const known = all.get(name) ?? new Set();
      all.set(name, known);
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) {
        known.add(label);
      }
    }
  }
  return all;
})();

/** What Prometheus adds, and what it knows of every target. */
const ADDED = ['instance', 'job'];

/** Metrics that an expression names and nobody exports; labels that none of its metrics has. */
function unknownIn(expression: string): readonly string[] {
  const metricsIn = [...expression.matchAll(/\bifdepd_\w+/g)].map(([name]) => name);
  const labels = metricsIn.flatMap((name) => [...(exported.get(name) ?? [])]);
  const used = [...expression.matchAll(/(?:by \(|\{)([^)}]*)[)}]/g)].flatMap(([, list = '']) =>
    list.split(',').map((word) => word.replace(/[=!~].*/, '').trim()),
  );
  return [
    ...metricsIn.filter((name) => !exported.has(name)),
    ...used.filter((label) => ![...labels, ...ADDED].includes(label)),
  ];
}

function balanced(expression: string): boolean {
  const opens = [...expression].filter((char) => '({['.includes(char)).length;
  return opens === [...expression].filter((char) => ')}]'.includes(char)).length;
}

test('the platform is that which the daemon works on, wherever it runs', () => {
  expect(scrape).toMatch(/^ifdepd_build_info\{.*platform="openbsd".*\} 1$/m);
});

test('a daemon exports the families of the manual, each from its start', () => {
  expect([...exported.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ''))).toEqual(
    expect.arrayContaining([
      'ifdepd_group_up',
      'ifdepd_source_active',
      'ifdepd_destination_want',
      'ifdepd_destination_up',
      'ifdepd_foreign_changes_total',
      'ifdepd_transitions_total',
      'ifdepd_action_failures_total',
      'ifdepd_passed_losses_total',
      'ifdepd_resyncs_total',
      'ifdepd_reaction_seconds',
      'ifdepd_build_info',
    ]),
  );
});

test('the manual page names each family of a daemon without probes', () => {
  const page = readFileSync(new URL('../man/ifdepd.8', import.meta.url), 'utf8');
  const names = [...exported.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  expect(names.filter((name) => !new RegExp(`^\\.It Li .*\\b${name}\\b`, 'm').test(page))).toEqual([]);
});

describe('the alert rules', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly for?: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string; readonly description?: string };
  }
  const { groups } = parse(text('prometheus-rules.yaml')) as {
    groups: { name: string; rules: Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  test('let no failover go unnoticed', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining([
        'IfdepdFailover',
        'IfdepdGroupDown',
        'IfdepdCannotSet',
        'IfdepdUpThoughHeldDown',
        'IfdepdGone',
      ]),
    );
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_name, rule) => {
    expect(unknownIn(rule.expr)).toEqual([]);
    expect(rule.expr).toMatch(/ifdepd_/);
    expect(balanced(rule.expr)).toBe(true);
    expect(rule.for ?? '0s').toMatch(/^\d+[smh]$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    const said = `${rule.annotations.summary} ${rule.annotations.description ?? ''}`;
    const of = [...rule.expr.matchAll(/\bifdepd_\w+/g)].flatMap(([name]) => [...(exported.get(name) ?? [])]);
    for (const [, label] of said.matchAll(/\$labels\.(\w+)/g)) {
      expect([...of, ...ADDED]).toContain(label);
    }
  });

  test('a series that is there from the start, so that its first increase is one', () => {
    expect([...(exported.get('ifdepd_transitions_total') ?? [])]).toEqual(['group', 'to']);
    expect([...(exported.get('ifdepd_action_failures_total') ?? [])]).toEqual(['destination']);
    expect([...(exported.get('ifdepd_foreign_changes_total') ?? [])]).toEqual(['destination']);
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly id: number;
    readonly title: string;
    readonly type: string;
    readonly targets: { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
  }
  const { panels, templating } = JSON.parse(text('grafana-dashboard.json')) as {
    panels: Panel[];
    templating: { list: { name: string; query: string }[] };
  };

  test('asks for its variables where they are', () => {
    const { query } = templating.list.find(({ name }) => name === 'instance') ?? { query: '' };
    expect(unknownIn(query.replace(/^label_values\((.*), \w+\)$/, '$1'))).toEqual([]);
  });

  test('has panels with ids of their own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test.each(panels.map((panel) => [panel.title, panel] as const))('%s', (_title, { targets }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr, legendFormat } of targets) {
      expect(unknownIn(expr)).toEqual([]);
      expect(expr).toMatch(/ifdepd_/);
      expect(balanced(expr)).toBe(true);
      const labels = [...expr.matchAll(/\bifdepd_\w+/g)].flatMap(([name]) => [...(exported.get(name) ?? [])]);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect([...labels, ...ADDED]).toContain(label);
      }
    }
  });
});
