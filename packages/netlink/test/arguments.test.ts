import { expect, test } from 'vitest';
import * as netlink from '../src/index.ts';

/** Every function that is exported, called as a program without a type checker might. */
const call = netlink as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

test.each<[string, readonly unknown[], RegExp]>([
  ['attributeOf', [undefined, 1, true], /^attributeOf: bytes must be a Uint8Array, not undefined$/],
  ['attributesByType', [null, true], /^attributesByType: bytes must be a Uint8Array, not null$/],
  ['textIn', [[65, 0]], /^textIn: value must be a Uint8Array, not an object$/],
  [
    'decodeStruct',
    [{}, new Uint8Array(8), true],
    /^decodeStruct: layout must be an object with 'size', which this one lacks$/,
  ],
  ['decodeStruct', [{ size: 4, fields: {} }, 'x', true], /^decodeStruct: bytes must be a Uint8Array, not x$/],
  ['encodeStruct', [5, {}, true], /^encodeStruct: layout must be an object, not 5$/],
  [
    'encodeStruct',
    [{ size: 4, fields: {} }, null, true],
    /^encodeStruct: values must be an object, not null$/,
  ],
  ['loaded16', ['7', true], /^loaded16: value must be a whole number of 32 bits, not 7$/],
  ['loaded32', [Number.NaN, true], /^loaded32: value must be a whole number of 32 bits, not NaN$/],
  ['loadedBytes', [undefined], /^loadedBytes: bytes must be a Uint8Array, not undefined$/],
  ['payloadOf', [{}], /^payloadOf: message must be an object with 'bytes', which this one lacks$/],
  [
    'resolveFamily',
    [{}, 'ethtool'],
    /^resolveFamily: client must be an object with 'encoder', which this one lacks$/,
  ],
  ['resolveFamily', [{ encoder: 1, get: 1 }, 5], /^resolveFamily: name must be a string, not 5$/],
  ['decodeFamily', [null, true], /^decodeFamily: payload must be a Uint8Array, not null$/],
  [
    'genericPayload',
    [{}, {}],
    /^genericPayload: encoder must be an object with 'join', which this one lacks$/,
  ],
  [
    'genericPayload',
    [new netlink.Encoder(true), null],
    /^genericPayload: header must be an object, not null$/,
  ],
  ['netlinkAddress', ['1'], /^netlinkAddress: groups must be a whole number of 32 bits, not 1$/],
  ['openNetlinkSocket', [null], /^openNetlinkSocket: options must be an object, not null$/],
  ['openNetlinkSocket', [{ blocks: 'no' }], /^openNetlinkSocket: blocks must be true or false, not 'no'$/],
])('%s(%j): the error names the argument and the value', (name, args, message) => {
  expect(() => call[name]?.(...args)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
  );
});

test('the constructors of a client and a socket name the argument and the value, too', () => {
  const { NetlinkClient, NetlinkSocket } = netlink as unknown as Record<
    string,
    new (
      ...args: readonly unknown[]
    ) => unknown
  >;
  expect(() => NetlinkClient && new NetlinkClient(null)).toThrow(
    /^NetlinkClient: options must be an object, not null$/,
  );
  expect(() => NetlinkSocket && new NetlinkSocket(1, {}, '', 1)).toThrow(
    /^NetlinkSocket: libc must be an object, not 1$/,
  );
  expect(() => NetlinkSocket && new NetlinkSocket({ target: 1 }, {}, '', 1)).toThrow(
    /^NetlinkSocket: owned must be an object with 'fd', which this one lacks$/,
  );
});

type Method = (...args: readonly unknown[]) => unknown;
const encoder = new netlink.Encoder(true) as unknown as Readonly<Record<string, Method>>;
const span = new netlink.Span() as unknown as Readonly<Record<string, Method>>;
const attributes = new netlink.AttributeWalk() as unknown as Readonly<Record<string, Method>>;

const methodsOf = { Encoder: encoder, Span: span, AttributeWalk: attributes } as const;

test.each<[keyof typeof methodsOf, string, readonly unknown[], RegExp]>([
  ['Encoder', 'message', [null], /^message: header must be an object, not null$/],
  ['Encoder', 'message', [{ type: 1 }, 'x'], /^message: payload must be a Uint8Array, not x$/],
  ['Encoder', 'nested', [1, undefined], /^nested: attributes must be a Uint8Array, not undefined$/],
  ['Encoder', 'struct', [null, {}], /^encodeStruct: layout must be an object, not null$/],
  ['Encoder', 'number', ['1'], /^number: value must be a whole number of 32 bits, not 1$/],
  ['Encoder', 'join', [[1]], /^join: parts must be a Uint8Array, not an object$/],
  ['Encoder', 'datagram', [null], /^datagram: messages must be a Uint8Array, not null$/],
  ['Span', 'set', [null], /^Span\.set: attribute must be an object, not null$/],
  ['Span', 'setText', [attributes, 'x'], /^Span\.setText: bytes must be a Uint8Array, not x$/],
  ['Span', 'is', [undefined, 'x'], /^Span\.is: bytes must be a Uint8Array, not undefined$/],
  ['Span', 'text', [7], /^Span\.text: bytes must be a Uint8Array, not 7$/],
  ['AttributeWalk', 'enter', [null, 0, 4], /^AttributeWalk\.enter: message must be an object, not null$/],
  ['AttributeWalk', 'enterValue', [{}], /^AttributeWalk\.enterValue: outer must be a walk, not \[object/],
])('%s.%s(%j): the error names the argument and the value', (of, method, args, message) => {
  expect(() => methodsOf[of][method]?.(...args)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
  );
});

test('an attribute without a value, and a datagram that is no bytes, are refused by name', () => {
  const encoder = new netlink.Encoder(true) as unknown as { attribute(type: number, value: unknown): void };
  expect(() => encoder.attribute(1, null)).toThrow(/^attribute: value must be a Uint8Array, not null$/);
  const walk = new netlink.MessageWalk(true) as unknown as { enter(bytes: unknown, length: number): void };
  expect(() => walk.enter(undefined, 1)).toThrow(
    /^MessageWalk.enter: bytes must be a Uint8Array, not undefined$/,
  );
});
