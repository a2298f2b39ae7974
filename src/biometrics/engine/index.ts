/** The model pool: jobs in, findings out. Knows no modality. */
export * from './engine.js';
