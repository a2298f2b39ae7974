/** The model pool: jobs in, findings out. Knows no modality. */
export * from './engine.js';
export * from './manifest.js';
export type { EngineOptions, JobEvent } from './options.js';
export { createEngine } from './pool.js';
