/** The model pool: jobs in, findings out. Knows no modality. */
export * from './engine.js';
export * from './manifest.js';
export { createEngine, type EngineOptions, type JobEvent } from './pool.js';
