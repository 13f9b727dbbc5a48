import type { ViteUserConfig } from 'vitest/config';

/** The test set-up of every package here; `test` says what one does differently, `alsoPacked` which of its tests need its build. */
export function preset(test?: ViteUserConfig['test'], alsoPacked?: readonly string[]): ViteUserConfig;
