import type { ViteUserConfig } from 'vitest/config';

/** The test set-up of every package here; `test` says what one does differently. */
export function preset(test?: ViteUserConfig['test']): ViteUserConfig;
