import type { JobKind, ModelRole } from '../../src/biometrics/index.js';

/** Runs the models of these roles in this order, and nothing else. */
export const RAW_MODELS: JobKind<ModelRole[], null> = { name: 'bench.raw-models' };
