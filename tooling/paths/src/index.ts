export type { Death, LabSource, Plot, Site } from './death.ts';
export { deaths } from './deaths/index.ts';
export { type LabOptions, type LabReport, type LabRow, runLab } from './run-lab.ts';
