/** What can be wrong with a configuration. */
export type PolicyIssueCode =
  | 'bad-choice'
  | 'bad-count'
  | 'bad-dampening'
  | 'bad-duration'
  | 'bad-name'
  | 'bad-number'
  | 'bad-type'
  | 'duplicate'
  | 'empty-list'
  | 'loop'
  | 'missing-key'
  | 'own-destination'
  | 'unknown-group'
  | 'unknown-key';

/** From the root of the configuration: `['groups', 'gateway', 'destinations', 0]`. */
export type IssuePath = readonly (string | number)[];

/** One thing wrong with a configuration. */
export interface PolicyIssue {
  readonly code: PolicyIssueCode;
  readonly path: IssuePath;
  /** One sentence for a person; it does not repeat the path. */
  readonly message: string;
}

/** Issues after which the rest of a configuration is not looked at. */
const MOST_ISSUES = 100;

/** Notes an issue. @throws {PolicyError} where so many are noted that more would help nobody */
export function note(issues: PolicyIssue[], issue: PolicyIssue): void {
  issues.push(issue);
  if (issues.length === MOST_ISSUES) throw new PolicyError(issues);
}

/** Everything wrong with a configuration, at once; of very much the first hundred. Thrown by `compile`. */
export class PolicyError extends Error {
  readonly code = 'ERR_POLICY_CONFIG';
  readonly issues: readonly PolicyIssue[];

  /** @param issues at least one */
  constructor(issues: readonly PolicyIssue[]) {
    super(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
    this.name = 'PolicyError';
    this.issues = issues;
  }
}
