export { type BundleSource, bundle } from './bundle.ts';
export { runAsCommonJs } from './common-js-bundle.ts';
export { declarationFaults } from './declaration-faults.ts';
export { runDocExamples } from './doc-examples.ts';
export { packageFaults } from './package-faults.ts';
export { readmeExamples } from './readme-examples.ts';
