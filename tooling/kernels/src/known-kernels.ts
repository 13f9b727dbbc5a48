/** The machines that are emulated, in the words of Debian. */
export const architectures = ['amd64', 'arm64'] as const;

/** One of them. */
export type Architecture = (typeof architectures)[number];

/** A kernel of Debian. */
export interface KnownKernel {
  /** The line of kernels, as `--kernel` names it. */
  readonly id: string;
  /** Debian's suite that has it. */
  readonly suite: string;
}

/** The kernels that are tested, oldest first. The last line moves on with Debian. */
export const knownKernels: readonly KnownKernel[] = [
  { id: '5.10', suite: 'bullseye' },
  { id: '6.1', suite: 'bookworm' },
  { id: '6.12', suite: 'trixie' },
  { id: 'sid', suite: 'sid' },
];
