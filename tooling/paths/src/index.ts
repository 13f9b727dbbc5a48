export type { Death, LabSource, Plot, Site } from './death.ts';
export { deaths } from './deaths/index.ts';
export { farHost, near } from './far-host.ts';
export { type LabOptions, type LabReport, type LabRow, runLab } from './run-lab.ts';
export { services } from './services.ts';
