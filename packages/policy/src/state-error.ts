/** A state that cannot be used: of another policy, of another version, or no state at all. */
export class StateError extends Error {
  readonly code = 'ERR_POLICY_STATE';

  constructor(message: string) {
    super(message);
    this.name = 'StateError';
  }
}
