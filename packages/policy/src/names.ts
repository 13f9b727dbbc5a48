import type { Expression, PolicyConfig } from './config.ts';

/** The members of an expression that is no source and no group. */
export type MembersOf<E> = E extends { readonly all: readonly (infer Member)[] }
  ? Member
  : E extends { readonly any: readonly (infer Member)[] }
    ? Member
    : E extends { readonly not: infer Member }
      ? Member
      : E extends { readonly of: readonly (infer Member)[] }
        ? Member
        : E extends { readonly weight: { readonly of: readonly { readonly source: infer Member }[] } }
          ? Member
          : never;

/** The sources that an expression names; `string` where the compiler does not know the names. */
export type SourceOf<E> = [Expression] extends [E]
  ? string
  : E extends string
    ? E
    : E extends object
      ? SourceOf<MembersOf<E>>
      : never;

/** The groups that an expression names; none where the compiler does not know the names. */
export type GroupIn<E> = [Expression] extends [E]
  ? never
  : E extends { readonly group: infer Group }
    ? Group
    : E extends object
      ? GroupIn<MembersOf<E>>
      : never;

/** The requirements of all groups of a configuration. */
export type RequirementsOf<Config extends PolicyConfig> = Config['groups'][keyof Config['groups']]['require'];

/** The sources of a configuration. */
export type SourcesOf<Config extends PolicyConfig> = SourceOf<RequirementsOf<Config>>;

/** The groups of a configuration. */
export type GroupsOf<Config extends PolicyConfig> = keyof Config['groups'] & string;

/** The destinations of a group; `string` where the compiler does not know them. */
export type DestinationIn<Group> = Group extends {
  readonly destinations: readonly (infer Id extends string)[];
}
  ? Id
  : 'destinations' extends keyof Group
    ? string
    : never;

/** The destinations of a configuration. */
export type DestinationsOf<Config extends PolicyConfig> = DestinationIn<
  Config['groups'][keyof Config['groups']]
>;

/** A configuration whose expressions name its own groups only: a misspelt one is an error of the compiler, which shows its name. */
export type KnownGroups<Config extends PolicyConfig> = [
  Exclude<GroupIn<RequirementsOf<Config>>, keyof Config['groups']>,
] extends [never]
  ? unknown
  : { readonly thereIsNoGroup: Exclude<GroupIn<RequirementsOf<Config>>, keyof Config['groups']> };
