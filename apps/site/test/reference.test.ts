import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sampleMetrics } from '../../ifdepd/test/support/sample-metrics.ts';
import { apiPage } from '../src/reference/api-page.ts';
import { configurationPage } from '../src/reference/configuration-page.ts';
import { metricsPage } from '../src/reference/metrics-page.ts';

const json = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../ifdepd/schema/${name}`, import.meta.url), 'utf8'));

/** The keys of all mappings in a schema. */
function keysIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  const own = 'properties' in schema ? Object.keys(Object(schema.properties)) : [];
  return [...own, ...Object.values(schema).flatMap(keysIn)];
}

test('the page of the configuration has each key of the JSON Schema, and a link to each named part leads to it', () => {
  const schema = json('ifdepd.schema.json');
  const page = configurationPage(schema);
  const missing = keysIn(schema).filter((key) => key !== '$schema' && !page.includes(`\`${key}\``));
  expect(missing.filter((key) => !page.includes(`\n## ${key} `))).toEqual([]);
  const targets = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, id]) => `{#${id}}`);
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter((id) => !page.includes(id))).toEqual([]);
  expect(page).toContain('- `enforce`: `down`, `always` or `never`. Default: `down`.');
  expect(page).toContain('- `up-delay`: [duration](#duration).');
});

test('the page of the HTTP API has each path, each status and each key of the OpenAPI document', () => {
  const document = json('ifdepd.openapi.json');
  const page = apiPage(document);
  for (const [path, methods] of Object.entries<Record<string, { responses: object }>>(document.paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      const section = page.split(`\n## \`${method.toUpperCase()} ${path}\`\n`)[1]?.split('\n## ')[0] ?? '';
      expect([...section.matchAll(/^- (\d+): /gm)].map(([, status]) => status)).toEqual(
        Object.keys(responses),
      );
    }
  }
  expect(keysIn(document.components).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});

test('the page of the metrics has the name, the text and the labels of each family', () => {
  const text = sampleMetrics('gateway');
  const page = metricsPage(text);
  const families = [...text.matchAll(/^# HELP (\S+) (.+)$/gm)];
  expect(families.length).toBeGreaterThan(20);
  expect(families.filter(([, name, help]) => !page.includes(`## ${name}\n\n${help}\n`))).toEqual([]);
  expect(page).toContain('A counter by `group`, `to`.');
});
