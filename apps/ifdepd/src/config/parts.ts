import * as z from 'zod/mini';
import { nearest } from './nearest.ts';
import { isMapping } from './odd-number.ts';

/**
 * A part of the shape of the configuration. The message of an issue is a noun, which `faultsOf` completes to
 * `must be NOUN, not VALUE`; an issue with the code `custom` has a whole clause.
 */
export type Part<Value = unknown> = z.ZodMiniType<Value, Value>;

type Json = Readonly<Record<string, unknown>>;

/** A part with more in its JSON Schema. */
export function described<One extends z.ZodMiniType>(part: One, json: Json): One {
  z.globalRegistry.add(part, { ...z.globalRegistry.get(part), ...json });
  return part;
}

/**
 * A value that is no mapping and no list.
 *
 * @param faultOf the fault of a value: null for none, '' if it is no NOUN at all, else a whole clause
 */
export function leaf<Value>(
  noun: string,
  json: Json,
  faultOf: (value: unknown) => string | null,
  expected: 'string' | 'custom' = 'custom',
): Part<Value> {
  const schema = z.custom<Value>().check(({ value, issues }) => {
    const fault = faultOf(value);
    if (fault === '') {
      issues.push({ code: 'invalid_type', expected, input: value, message: noun });
    } else if (fault !== null) {
      issues.push({ code: 'custom', input: value, message: fault });
    }
  });
  return schema.register(z.globalRegistry, json);
}

/** A text that is not empty. */
export function text(
  noun: string,
  json: Json = {},
  faultOf: (value: string) => string | null = () => null,
): Part<string> {
  const fault = (value: unknown) => (typeof value === 'string' && value !== '' ? faultOf(value) : '');
  return leaf(noun, { type: 'string', ...json }, fault, 'string');
}

/** A value that `compile` judges. */
export function judged(json: Json): Part {
  return leaf('', json, () => null);
}

/** A mapping without other keys than these. */
export function mapping<Shape extends z.core.$ZodShape>(
  shape: Shape,
  noun = `a mapping with ${Object.keys(shape).join(', ')}`,
): z.ZodMiniObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? known : noun) });
}

/**
 * A mapping from names to parts of one kind. It is checked here: zod leaves the name `__proto__` out.
 *
 * @param least how many there must be
 */
export function named<Value extends Part>(name: Part<string>, value: Value, noun: string, least = 0) {
  const record = z.record(name as Part<string> & z.core.$ZodRecordKey, value);
  const run: Part['_zod']['run'] = (payload, context) => {
    const { value: entries, issues } = payload;
    if (!isMapping(entries) || Object.keys(entries).length < least) {
      issues.push({ code: 'invalid_type', expected: 'record', input: entries, message: noun });
      return payload;
    }
    for (const [key, entry] of Object.entries(entries)) {
      for (const { message } of issuesOf(name, key, context)) {
        issues.push({ code: 'custom', input: key, path: [key], message, params: { what: 'key' } });
      }
      // Not with z.core.util: esbuild bundles all of zod for that object.
      for (const issue of issuesOf(value, entry, context)) {
        issues.push({ ...issue, path: [key, ...(issue.path ?? [])] });
      }
    }
    return payload;
  };
  Object.assign(record._zod, { parse: run, run });
  return record.register(z.globalRegistry, { minProperties: least });
}

/** The issues of a value; every part answers at once. */
function issuesOf(part: Part, value: unknown, context: z.core.ParseContextInternal): z.core.$ZodRawIssue[] {
  return (part._zod.run({ value, issues: [] }, context) as z.core.ParsePayload).issues;
}

/** A list that is not empty. */
export function list<Item extends z.core.$ZodType>(item: Item, noun: string): z.ZodMiniArray<Item> {
  return z.array(item, noun).check(z.minLength(1, `the list is empty; it must be ${noun}`));
}

/**
 * A list that may hold lists: how several anchors are written in one list.
 *
 * @param id its name among the definitions of the JSON Schema
 */
export function lists(item: Part, noun: string, id: string): Part {
  const outer: Part = list(
    z.lazy(() => inner),
    noun,
  );
  const inner: Part = dispatched([item, outer], (payload, context) =>
    (Array.isArray(payload.value) ? outer : item)._zod.run(payload, context),
  );
  return outer.register(z.globalRegistry, { id });
}

/** A list, or its only member by itself: a mapping, or one word. A text of several words is refused as a list is. */
export function orOne<Item, List>(item: Part<Item>, many: Part<List>): Part<Item | List> {
  return dispatched([item, many], (payload, context) =>
    (isMapping(payload.value) || isWord(payload.value) ? item : many)._zod.run(payload, context),
  ) as Part<Item | List>;
}

/** As {@link orOne}, where a mapping is refused as a list is. */
export function orWord(word: Part, many: Part): Part {
  return dispatched([word, many], (payload, context) =>
    (isWord(payload.value) ? word : many)._zod.run(payload, context),
  );
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && !/[:,\s]/.test(value);
}

/** Mappings that are told apart by a key that each of them must have, or a text instead of one. */
export interface Choice<Options> {
  /** The noun for a value that is none of them. */
  readonly noun: string;
  /** The clause for a mapping with none of the keys. */
  readonly missing: string;
  readonly text?: Part<string>;
  /** The clause for a list. Default: made with the noun. */
  readonly ifList?: string;
  /** Keys of mappings that can stand elsewhere only, and the clause for one of them. */
  readonly elsewhere?: { readonly keys: readonly string[]; readonly clause: string };
  readonly byKey: Options;
}

/** One of several mappings, or a text. */
export function oneOf<Options extends Readonly<Record<string, z.ZodMiniObject>>>({
  noun,
  missing,
  text: scalar,
  ifList,
  elsewhere,
  byKey,
}: Choice<Options>): Part<z.output<Options[keyof Options]>> {
  const options = Object.values(byKey);
  const own = options.flatMap(({ shape }) => Object.keys(shape));
  const known = [...new Set([...own, ...(elsewhere?.keys ?? [])])];

  /** Looks at the other keys of a mapping that lacks the one which says what it is. */
  function incomplete(
    payload: z.core.ParsePayload,
    context: z.core.ParseContextInternal,
    value: Readonly<Record<string, unknown>>,
  ): void {
    const strays = Object.keys(value).filter((key) => !known.includes(key));
    if (strays.length > 0) {
      const message = known.join(', ');
      payload.issues.push({ code: 'unrecognized_keys', keys: strays, input: value, message });
    }
    const meant = strays.map((key) => nearest(key, known) ?? '');
    const says = (key: string) => Object.hasOwn(byKey, key) || elsewhere?.keys.includes(key) === true;
    if (!meant.some((key) => key === '' || says(key))) {
      payload.issues.push({ code: 'custom', input: value, message: missing, params: { what: 'key' } });
    }
    const rest = options[0] === undefined ? [] : issuesOf(options[0], value, context);
    const isOther = ({ path = [] }: z.core.$ZodRawIssue) =>
      path.length > 0 && !Object.hasOwn(byKey, path[0] ?? '');
    payload.issues.push(...rest.filter(isOther));
  }

  return dispatched([...(scalar === undefined ? [] : [scalar]), ...options], (payload, context) => {
    const { value } = payload;
    if (isMapping(value)) {
      const key = Object.keys(byKey).find((one) => Object.hasOwn(value, one));
      const option = byKey[key ?? ''];
      if (option !== undefined) {
        return option._zod.run(payload, context);
      }
      const misplaced = elsewhere?.keys.find((one) => Object.hasOwn(value, one));
      if (misplaced !== undefined) {
        const issue = { path: [misplaced], params: { what: 'key' } };
        payload.issues.push({ code: 'custom', input: value, message: elsewhere?.clause, ...issue });
        return payload;
      }
      incomplete(payload, context, value);
    } else if (scalar !== undefined && !Array.isArray(value)) {
      return scalar._zod.run(payload, context);
    } else if (ifList !== undefined && Array.isArray(value)) {
      payload.issues.push({ code: 'custom', input: value, message: ifList });
    } else {
      payload.issues.push({ code: 'invalid_type', expected: 'custom', input: value, message: noun });
    }
    return payload;
  }) as Part<never>;
}

/** A part, or a mapping with one of these keys. */
export function orKeyed(part: Part, byKey: Readonly<Record<string, z.ZodMiniObject>>): Part {
  return dispatched([part, ...Object.values(byKey)], (payload, context) => {
    const { value } = payload;
    const key = isMapping(value) ? Object.keys(byKey).find((one) => Object.hasOwn(value, one)) : undefined;
    return (byKey[key ?? ''] ?? part)._zod.run(payload, context);
  });
}

/** A union that knows which option a value means: its issues are those of that option alone. */
function dispatched(options: readonly Part[], run: Part['_zod']['run']): Part {
  const union = z.union(options);
  Object.assign(union._zod, { parse: run, run });
  return union;
}
