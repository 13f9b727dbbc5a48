/** The kinds of mistakes in a configuration. */
export type PolicyIssueCode =
  | 'bad-choice'
  | 'bad-count'
  | 'bad-dampening'
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

/** One mistake in a configuration. */
export interface PolicyIssue {
  readonly code: PolicyIssueCode;
  readonly path: IssuePath;
  /** A clause to print behind the path, with the way out: no capital, no full stop. */
  readonly message: string;
}

/** Every mistake in a configuration, or the first hundred. Thrown by `compile`. */
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
