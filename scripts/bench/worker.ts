import type { ModelRole } from '../../src/biometrics/index.js';
import type * as WorkerLoop from '../../src/biometrics/engine/worker-loop.js';
import type * as FaceJob from '../../src/biometrics/face/job.js';
import { compiled } from './product.js';
import { RAW_MODELS } from './raw.js';

// Behind the door of biometrics, as only a worker's entry may go.
const { runWorker } = compiled('biometrics/engine/worker-loop.js') as typeof WorkerLoop;
const { faceAnalyse } = compiled('biometrics/face/job.js') as typeof FaceJob;

/**
 * The baseline: models back to back in the product's kind of worker, on the tensors that the last picture left in
 * their inputs.
 */
const rawModels: WorkerLoop.JobHandler<ModelRole[], null> = {
  kind: RAW_MODELS,
  prepare: (models) => async (roles) => {
    for (const role of roles) await models.get(role).warm();
    return { result: null, transfer: [] };
  },
};

void runWorker([faceAnalyse, rawModels]);
