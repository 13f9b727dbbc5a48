/** A requirement, in the form of the configuration file. */
export type Requirement =
  | string
  | { readonly all: readonly Requirement[] }
  | { readonly any: readonly Requirement[] }
  | { readonly not: Requirement }
  | { readonly 'at-least': number; readonly of: readonly Requirement[] }
  | { readonly check: string };

/** A destination in the form of the configuration file. */
export type ImportedDestination =
  | string
  | { readonly file: string; readonly up: string; readonly down: string }
  | { readonly demote: string; readonly by: number }
  | {
      readonly exec: {
        readonly up: readonly string[];
        readonly down: readonly string[];
        readonly read?: readonly string[];
      };
      readonly name?: string;
      readonly timeout?: string;
    };

/** A group, and where it was found. */
export interface ImportedGroup {
  readonly name: string;
  /** The line it begins at, from 1. */
  readonly line: number;
  /** Its meaning there, in one line. */
  readonly from: string;
  /** Remarks for the reader: facts to know, steps to take. */
  readonly remarks: readonly string[];
  readonly require: Requirement;
  readonly destinations: readonly ImportedDestination[];
  /** Other keys of the group. */
  readonly options?: Readonly<Record<string, string>>;
}

/** A check that runs a program. */
export interface ImportedCheck {
  readonly name: string;
  readonly line: number;
  readonly from: string;
  readonly exec: readonly string[];
  readonly options: Readonly<Record<string, string | number>>;
}

/** Something that was not taken, and why. */
export interface LeftOut {
  readonly line: number;
  readonly what: string;
}

/** The contents of one file. */
export interface Imported {
  readonly groups: readonly ImportedGroup[];
  readonly checks: readonly ImportedCheck[];
  readonly left: readonly LeftOut[];
}

/** Why a file is none of its form. */
export class ImportError extends Error {
  /** From 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** One requirement of several, without a list around a single one. */
export function allOf(members: readonly Requirement[]): Requirement {
  const [first, ...others] = distinct(members);
  return first !== undefined && others.length === 0 ? first : { all: distinct(members) };
}

/** As {@link allOf}: one of them is enough. */
export function anyOf(members: readonly Requirement[]): Requirement {
  const [first, ...others] = distinct(members);
  return first !== undefined && others.length === 0 ? first : { any: distinct(members) };
}

function distinct(members: readonly Requirement[]): readonly Requirement[] {
  return [...new Map(members.map((member) => [JSON.stringify(member), member])).values()];
}

/** A name as groups and checks may have it: what they may not have becomes '-'. */
export function nameFrom(text: string): string {
  const name = text.replace(/[^\p{L}\p{N}_.@-]+/gu, '-').replace(/^-+|-+$/g, '');
  return name === '' ? 'imported' : name.slice(0, 63);
}

/** Splits a text into lines without their comments. @param comment where one begins */
export function linesOf(text: string, comment: RegExp): readonly { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, text: content.replace(comment, '').trim() }))
    .filter((each) => each.text !== '');
}
