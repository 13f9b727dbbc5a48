export { type BundleSource, bundle } from './bundle.ts';
export { packageFaults } from './package-faults.ts';
export { readmeExamples } from './readme-examples.ts';
