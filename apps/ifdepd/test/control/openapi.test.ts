import { expect, test } from 'vitest';
import { routes } from '../../src/control/routes.ts';
import { jsonText } from '../support/json-text.ts';
import { describedPaths, openApi } from '../support/openapi.ts';

test('the committed OpenAPI document is the one that the routes and the types of their answers make (npm run schema writes it)', async () => {
  await expect(jsonText(openApi())).toMatchFileSnapshot('../../schema/ifdepd.openapi.json');
});

test('the OpenAPI document describes no path without a route', () => {
  expect(describedPaths).toEqual(routes.map(({ path }) => path));
});
