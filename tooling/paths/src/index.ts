export type { Death, LabSource, Plot, Site } from './death.ts';
export { deaths } from './deaths/index.ts';
export { farHost, near } from './far-host.ts';
export { type LabOptions, type LabReport, type LabRow, runLab } from './run-lab.ts';
export { services } from './services.ts';
export { type LabEvent, labEvents, runSetUp, type SetUpOptions, type Trial } from './vrrp/run-vrrp-lab.ts';
export { type SetUp, setUps } from './vrrp/set-ups.ts';
